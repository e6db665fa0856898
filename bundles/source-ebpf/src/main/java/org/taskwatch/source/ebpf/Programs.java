// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.source.ebpf;

import org.taskwatch.linux.LinuxException;
import org.taskwatch.linux.bpf.BpfException;
import org.taskwatch.linux.bpf.BpfProgram;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;

/// The programs of this source, in the kernel. For the pump thread only.
final class Programs implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(Programs.class.getName());

    private final List<BpfProgram> loaded = new ArrayList<>();
    private final List<BpfProgram> attached = new ArrayList<>();

    /// Those of them that make records: what one of them misses is lost.
    private final List<BpfProgram> telling = new ArrayList<>();

    private final Site site;
    private final SequencedMap<String, String> hooks = new LinkedHashMap<>();

    private Programs(Site site) {
        this.site = site;
    }

    /// Loads them. They do not run yet, but for those that not every kernel lets run: whether it does is known
    /// then.
    ///
    /// @throws BpfException if the kernel does not take one of them, or has not what it needs
    static Programs load(Site site) throws BpfException {
        Programs programs = new Programs(site);
        try {
            programs.loadAll();
            return programs;
        } catch (BpfException | RuntimeException | Error e) {
            programs.close();
            throw e;
        }
    }

    /// First those for what comes later in a life: so of no task the beginning is told without the rest.
    private void loadAll() throws BpfException {
        load("ends", new FreeProgram(site));
        load("exits and usage", new ExitProgram(site));
        load("names", new RenameProgram(site));
        load("execs", new ExecProgram(site));
        load("births", new CloneProgram(site));
    }

    private void load(String fact, TaskProgram program) throws BpfException {
        Hook hook = program.hook();
        int id = hook.id(site.btf());
        loaded.add(BpfProgram.load(hook.program(), program.assemble(), hook.type(), id));
        if (program.makesRecords()) {
            telling.add(loaded.getLast());
        }
        hooks.putFirst(fact, hook.toString());
    }

    /// Lets one run, if the kernel does.
    ///
    /// @param fact what it tells
    /// @param otherwise what tells that else
    /// @return whether it runs
    boolean tryToAttach(String fact, TaskProgram program, String otherwise) {
        int before = loaded.size();
        try {
            load(fact, program);
            loaded.getLast().attach();
            attached.add(loaded.removeLast());
            hooks.putLast(fact, program.hook().toString());
            return true;
        } catch (BpfException | LinuxException e) {
            while (loaded.size() > before) {
                telling.remove(loaded.getLast());
                loaded.removeLast().close();
            }
            LOG.log(System.Logger.Level.DEBUG, "No program at " + program.hook(), e);
            String why = "%s (%s: %s)".formatted(otherwise, program.hook(), Advice.brief(e));
            hooks.putLast(fact, why);
            return false;
        }
    }

    /// Lets all run.
    ///
    /// @throws LinuxException if the kernel refuses
    void attach() throws LinuxException {
        for (BpfProgram program : loaded) {
            program.attach();
        }
    }

    /// {@return where each fact comes from}
    Map<String, String> hooks() {
        return hooks;
    }

    /// {@return how many events the kernel has not shown to a program so far, because that was in the middle
    /// of another one on the same processor}
    long missed() throws LinuxException {
        long missed = 0;
        for (BpfProgram program : telling) {
            missed += program.recursionMisses();
        }
        return missed;
    }

    @Override
    public void close() {
        loaded.forEach(BpfProgram::close);
        attached.forEach(BpfProgram::close);
    }
}
