// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.tasks.table;

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

/// Reads the details that watchers have declared, the moment an event arrives; those that none has
/// declared are not read. For the pump thread only.
///
/// When a task exits, command line and executable vanish first (`exit_mm` in the kernel's
/// `do_exit`), then working directory (`exit_fs`) and namespaces, all before the kernel reports its
/// EXIT; control group, name and ids last until it is reaped. So what is declared for EXIT or FREE
/// is read at CLONE and EXEC, and command line and executable, which only an exec replaces, at EXEC
/// whichever event they are declared for.
final class DetailReader {
    private static final Detail<List<String>> NO_ARGUMENTS = Detail.unknown(Reason.NONE);
    private static final TaskEvent[] EVENTS = TaskEvent.values();
    private static final Set<Capture> OF_PROGRAM = EnumSet.of(Capture.CMDLINE, Capture.EXE);
    private final ProcFs proc;
    private final Interest interest;
    private final UserNames users;
    private final DetailBudget budget;

    /// What was wanted for any event at the last look.
    private Set<Capture> all = EnumSet.noneOf(Capture.class);

    /// What the present record brings of a task.
    private Set<Capture> brought = Set.of();

    private int broughtTid;
    private boolean isLocal = true;

    /// What `/proc` shows of a program.
    ///
    /// @param program its details
    /// @param stackStart the address of its stack, 0 if it is not known
    record Reading(Program program, long stackStart) {}

    DetailReader(ProcFs proc, Interest interest, UserNames users, DetailBudget budget) {
        this.proc = proc;
        this.interest = interest;
        this.users = users;
        this.budget = budget;
    }

    /// From now on the tasks are those of this machine, or of another, of which nothing can be read.
    void local(boolean areLocal) {
        isLocal = areLocal;
    }

    /// A record is about to be applied: what it brings of its task is not read.
    void begin(TaskRecord record) {
        brought = RecordFacts.captures(record);
        broughtTid = record.tid();
    }

    /// The record was applied.
    void end() {
        brought = Set.of();
    }

    /// {@return whether something of the program is wanted that an EXECUTED does not bring}
    boolean needsProgram(TaskRecord exec) {
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
    Reading program(int pid, @Nullable ProcStat first, Detail<Credentials> ids) {
        if (!isLocal) {
            return new Reading(Program.NOT_READ, 0);
        }
        if (first == null) {
            return new Reading(unreadable(pid), 0);
        }
        Program program = Program.NOT_READ.withComm(ProcFs.comm(first));
        Set<Capture> wanted = wantedNow();
        boolean isOne = !first.isLoading();
        if (first.isKernelThread() || first.isDead()) {
            Reason reason = first.isKernelThread() ? Reason.NONE : Reason.GONE;
            program = Program.unknown(reason).withComm(program.comm());
        } else if (isOne && !Collections.disjoint(wanted, OF_PROGRAM)) {
            program = read(pid, program.comm(), wanted, ids);
            isOne = isOneProgram(first, proc.stat(pid), program);
        }
        return new Reading(isOne ? program : Program.unknown(Reason.GONE), first.stackStart());
    }

    private Program read(
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
    Details ofProcess(int pid) {
        Detail<Credentials> ids = proc.credentials(pid);
        return Details.of(program(pid, proc.stat(pid), ids).program(), ids);
    }

    /// Reads what is wanted of the task of an event that is about to be reported.
    void read(TaskEvent event, LinuxTask task) {
        if (task.isThread() && !interest.threads()) {
            return;
        }
        boolean isEnd = event == TaskEvent.EXIT || event == TaskEvent.FREE;
        boolean isLasting = event == TaskEvent.CLONE || event == TaskEvent.EXEC;
        Set<Capture> now = interest.captures(event);
        if (isLasting) {
            now = union(now, interest.captures(TaskEvent.EXIT), interest.captures(TaskEvent.FREE));
        }
        if (!brought.isEmpty() && task.tid() == broughtTid && !now.isEmpty()) {
            now = EnumSet.copyOf(now);
            now.removeAll(brought);
        }
        if (!now.isEmpty()) {
            read(task, now, isEnd);
        }
    }

    /// {@return what is wanted for any event, as of the last [#catchUp]}
    Set<Capture> wanted() {
        return all;
    }

    /// Reads, for all tasks, what is wanted now and was not before: a program once for a process and all
    /// its threads.
    void catchUp(LiveTasks tasks) {
        Set<Capture> wanted = wantedNow();
        Set<Capture> fresh = EnumSet.copyOf(wanted);
        fresh.removeAll(all);
        all = wanted;
        if (!fresh.isEmpty()) {
            for (LinuxTask task : tasks.all()) {
                if (task.isAlive() && !task.isLeaderGone) {
                    catchUp(task, fresh);
                }
            }
        }
    }

    /// A program is not read again that was read while the same was wanted before: a stream of events may
    /// be opened each second.
    private void catchUp(LinuxTask task, Set<Capture> fresh) {
        if (!task.isThread() && task.details().program().lacks(fresh)) {
            catchUpProgram(task);
        }
        read(task, fresh, false);
    }

    private void catchUpProgram(LinuxTask process) {
        Details details = process.details();
        int pid = process.pid();
        Reading now = program(pid, proc.stat(pid), details.credentials());
        boolean isLater =
                process.stackStart != 0
                        && now.stackStart() != 0
                        && process.stackStart != now.stackStart();
        Program next = isLater ? Program.unknown(Reason.GONE) : now.program();
        Program program = details.program().caughtUp(next);
        process.details(details.withProgram(program));
        for (LinuxTask thread : process.threads()) { // each has a name of its own
            Details its = thread.details();
            thread.details(its.withProgram(program.withComm(its.comm())));
        }
    }

    private void read(LinuxTask task, Set<Capture> wanted, boolean isEnd) {
        Details details = task.details();
        Surroundings before = details.surroundings();
        Surroundings after =
                isEnd || !isLocal
                        ? before
                        : before.read(
                                proc, task.tid(), wanted, budget.pathLimit(details.credentials()));
        if (!after.equals(before)) {
            details = details.withSurroundings(after);
        }
        if (wanted.contains(Capture.USER)) {
            details = details.withUserName(userName(details.credentials()));
        }
        task.details(details);
    }

    private Detail<String> userName(Detail<Credentials> credentials) {
        return switch (credentials) {
            case Detail.Known<Credentials>(Credentials ids) -> users.name(ids.uid());
            case Detail.Cut<Credentials>(Credentials ids) -> users.name(ids.uid());
            case Detail.Unknown<Credentials>(Reason reason) -> Detail.unknown(reason);
        };
    }

    private Set<Capture> wantedNow() {
        Set<Capture> wanted = EnumSet.noneOf(Capture.class);
        for (TaskEvent event : EVENTS) {
            wanted.addAll(interest.captures(event));
        }
        return wanted;
    }

    private static Set<Capture> union(Set<Capture> a, Set<Capture> b, Set<Capture> c) {
        if (b.isEmpty() && c.isEmpty()) {
            return a;
        }
        Set<Capture> union = EnumSet.noneOf(Capture.class);
        union.addAll(a);
        union.addAll(b);
        union.addAll(c);
        return union;
    }
}
