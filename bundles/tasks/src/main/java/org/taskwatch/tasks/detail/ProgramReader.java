// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.tasks.detail;

import org.jspecify.annotations.Nullable;
import org.taskwatch.api.Capture;
import org.taskwatch.api.Credentials;
import org.taskwatch.api.Detail;
import org.taskwatch.api.Detail.Reason;
import org.taskwatch.api.TaskEvent;
import org.taskwatch.api.spi.Interest;
import org.taskwatch.linux.proc.ProcStat;
import org.taskwatch.source.TaskRecord;
import org.taskwatch.tasks.procfs.ProcFs;

import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/// Reads from `/proc` which program a process runs, and of it what watchers have declared. For the pump
/// thread only.
public final class ProgramReader {
    private static final Detail<List<String>> NO_ARGUMENTS = Detail.unknown(Reason.NONE);
    private static final TaskEvent[] EVENTS = TaskEvent.values();
    private static final Set<Capture> OF_PROGRAM = EnumSet.of(Capture.CMDLINE, Capture.EXE);

    private final ProcFs proc;
    private final Interest interest;
    private final DetailBudget budget;
    private boolean isLocal = true;

    /// What `/proc` shows of a program.
    ///
    /// @param program its details
    /// @param stackStart the address of its stack, 0 if it is not known
    public record Reading(Program program, long stackStart) {}

    /// Makes one.
    ///
    /// @param proc shows the processes
    /// @param interest says what is wanted
    /// @param budget bounds what is kept
    public ProgramReader(ProcFs proc, Interest interest, DetailBudget budget) {
        this.proc = proc;
        this.interest = interest;
        this.budget = budget;
    }

    /// From now on the processes are those of this machine, or of another, of which nothing can be read.
    ///
    /// @param areLocal which of the two
    public void local(boolean areLocal) {
        isLocal = areLocal;
    }

    /// {@return whether something of the program is wanted that an EXECUTED does not bring}
    ///
    /// @param exec the record
    public boolean needsProgram(TaskRecord exec) {
        return isLocal
                && (exec.comm() == null
                        || exec.executable() == null && isWanted(Capture.EXE)
                        || exec.arguments() == null && isWanted(Capture.CMDLINE));
    }

    private boolean isWanted(Capture capture) {
        for (TaskEvent event : EVENTS) {
            if (interest.captures(event).contains(capture)) {
                return true;
            }
        }
        return false;
    }

    /// Reads the program that a process runs: its name, and what of it is wanted.
    ///
    /// All of it is of one program: the address of the stack, which the kernel chooses anew for each,
    /// is the same before and after. (The kernel looks at the stack first, so the name of that first
    /// reading is of it too.) If it is another one, or the process is in the middle of an exec, then what
    /// the caller asks for is GONE. Where there is no address, because the process has exited or this
    /// user may not know it, the name has to do: an exec that keeps the name is missed.
    ///
    /// @param pid the process
    /// @param first its state, null if it can't be read
    /// @param ids whose budget bounds what is kept
    /// @return what is shown
    public Reading read(int pid, @Nullable ProcStat first, Detail<Credentials> ids) {
        if (!isLocal) {
            return new Reading(Program.NOT_READ, 0);
        }
        if (first == null) {
            return new Reading(unreadable(pid), 0);
        }
        Program program = Program.NOT_READ.withComm(ProcFs.comm(first));
        Set<Capture> wanted = wanted();
        boolean isOne = !first.isLoading();
        if (first.isKernelThread() || first.isDead()) {
            Reason reason = first.isKernelThread() ? Reason.NONE : Reason.GONE;
            program = Program.unknown(reason).withComm(program.comm());
        } else if (isOne && !Collections.disjoint(wanted, OF_PROGRAM)) {
            program = details(pid, program.comm(), wanted, ids);
            isOne = isOneProgram(first, proc.stat(pid), program);
        }
        return new Reading(isOne ? program : Program.unknown(Reason.GONE), first.stackStart());
    }

    private Program details(
            int pid, Detail<String> comm, Set<Capture> wanted, Detail<Credentials> ids) {
        Program none = Program.NOT_READ;
        return new Program(
                comm,
                wanted.contains(Capture.EXE)
                        ? proc.executable(pid, budget.pathLimit(ids))
                        : none.executable(),
                wanted.contains(Capture.CMDLINE)
                        ? proc.commandLine(pid, budget.argumentsLimit(ids))
                        : none.commandLine());
    }

    private Program unreadable(int pid) {
        return Program.unknown(proc.exists(pid, pid) ? Reason.FAILED : Reason.GONE);
    }

    // A task that exits has no stack any more. Else, where the address is 0, this user may not know
    // it, or another exec has not come that far: then there are no arguments yet.
    private static boolean isOneProgram(ProcStat first, @Nullable ProcStat then, Program program) {
        if (then == null) {
            return true; // reaped: the source knows of each exec that it has made
        }
        boolean hasSameName = then.hasNameOf(first);
        if (then.isExiting() || then.isDead()) {
            return hasSameName;
        }
        return then.stackStart() == first.stackStart()
                && (then.stackStart() != 0
                        || hasSameName && !program.commandLine().equals(NO_ARGUMENTS));
    }

    /// Reads what is known of a process that was not seen before.
    ///
    /// @param pid the process
    /// @return the details
    public Details ofProcess(int pid) {
        Detail<Credentials> ids = proc.credentials(pid);
        return Details.of(read(pid, proc.stat(pid), ids).program(), ids);
    }

    /// {@return what is wanted for any event}
    public Set<Capture> wanted() {
        Set<Capture> wanted = EnumSet.noneOf(Capture.class);
        for (TaskEvent event : EVENTS) {
            wanted.addAll(interest.captures(event));
        }
        return wanted;
    }
}
