// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.tasks.table;

import org.jspecify.annotations.Nullable;
import org.taskwatch.api.Credentials;
import org.taskwatch.api.Detail;
import org.taskwatch.api.Detail.Reason;
import org.taskwatch.api.TaskEvent;
import org.taskwatch.api.TaskIdentity;
import org.taskwatch.api.TaskNotification.Origin;
import org.taskwatch.linux.proc.ProcStat;
import org.taskwatch.source.Fact;
import org.taskwatch.source.TaskRecord;
import org.taskwatch.tasks.procfs.ProcFs;
import org.taskwatch.tasks.table.DetailReader.Reading;

import java.util.function.IntPredicate;

/// Makes the tasks of the table, from forks and from `/proc`. For the pump thread only.
final class Births {
    private final LiveTasks tasks;
    private final ProcFs proc;
    private final DetailReader reader;
    private final DetailBudget budget;
    private final KernelParents kernelParents;
    private final Endings endings;
    private final EventReporter reporter;
    private long bootOffset; // CLOCK_BOOTTIME minus CLOCK_MONOTONIC, in nanoseconds
    private boolean isTelling;

    Births(
            LiveTasks tasks,
            ProcFs proc,
            DetailReader reader,
            DetailBudget budget,
            Endings endings,
            EventReporter reporter) {
        this.tasks = tasks;
        this.proc = proc;
        this.reader = reader;
        this.budget = budget;
        this.kernelParents = new KernelParents(tasks, proc);
        this.endings = endings;
        this.reporter = reporter;
    }

    /// Sets how long the machine has slept.
    void bootOffset(long nanos) {
        bootOffset = nanos;
    }

    /// From now on a task that is found without a fork having been reported is news: that was lost.
    void beginTelling() {
        isTelling = true;
    }

    /// {@return whether watchers are told of what is found; false while the table is being filled}
    boolean isTelling() {
        return isTelling;
    }

    /// {@return whether a task is the one whose birth a record tells}
    boolean isStartedBy(LinuxTask task, TaskRecord birth) {
        return task.isStartedAt(start(birth));
    }

    private Start start(TaskRecord birth) {
        if (birth.has(Fact.START_NANOS)) {
            long nanos = birth.get(Fact.START_NANOS);
            return Start.exact(nanos, reporter.epochNanos(nanos - bootOffset));
        }
        if (birth.has(Fact.START_TICKS)) {
            return tick(birth.get(Fact.START_TICKS) * TaskIdentity.TICK_NANOS);
        }
        return reported(birth.nanos());
    }

    private Start tick(long nanos) {
        return Start.tick(nanos, reporter.epochNanos(nanos - bootOffset));
    }

    private Start reported(long nanos) {
        return Start.reported(nanos + bootOffset, reporter.epochNanos(nanos));
    }

    /// Makes a task that was forked. A process has the details of the task that forked it, as they
    /// were last read: a fork copies them. A thread has those of its process, as the kernel does
    /// not say which thread made it; a name or ids that only that thread had are missed. What the record
    /// brings takes their place.
    LinuxTask fork(TaskRecord birth) {
        int pid = birth.pid();
        LinuxTask parent = birth.isThread() ? ensureKnown(birth.nanos(), pid, pid) : parent(birth);
        Details details = parent == null ? Details.unknown(Reason.GONE) : parent.details();
        if (!details.isUnknown()) {
            details = birth.isThread() ? details : details.forked();
        } else if (RecordFacts.credentials(birth) == null) {
            details = reader.ofProcess(pid);
        }
        LinuxTask task = make(birth, parent, RecordFacts.apply(details, birth, budget));
        if (parent != null) {
            task.forkStack(parent, birth.nanos());
        }
        return add(task);
    }

    private LinuxTask make(TaskRecord birth, @Nullable LinuxTask parent, Details details) {
        return new LinuxTask(
                birth.tid(), birth.pid(), start(birth), parent, kernelParents, details);
    }

    private @Nullable LinuxTask parent(TaskRecord birth) {
        LinuxTask parent = tasks.task((int) birth.get(Fact.PARENT_TID, 0));
        return parent == null ? tasks.task((int) birth.get(Fact.PARENT_PID, 0)) : parent;
    }

    /// Takes in a task that a source has found when it began. No watcher is told.
    void adopt(TaskRecord found) {
        LinuxTask known = tasks.task(found.tid());
        if (known != null && isStartedBy(known, found)) {
            return;
        }
        if (known != null) {
            endings.end(known, found.nanos(), Origin.REPAIRED);
        }
        LinuxTask parent = found.isThread() ? tasks.task(found.pid()) : parent(found);
        Details facts = RecordFacts.apply(Details.unknown(Reason.NOT_READ), found, budget);
        LinuxTask task = make(found, parent, facts);
        task.stack(found.get(Fact.STACK_START, 0), found.nanos());
        add(task);
    }

    /// {@return the task that a record names} If the table has none, or another with this tid, one is
    /// made of what can still be known of it, and its CLONE is reported here: no event comes before it.
    LinuxTask ensureKnown(long nanos, int tid, int pid) {
        LinuxTask task = tasks.task(tid);
        if (task != null && task.pid() == pid) {
            return task;
        }
        if (task != null) {
            endings.end(task, nanos, Origin.OBSERVED);
        }
        ProcStat stat = proc.stat(pid, tid);
        if (stat != null && stat.startNanos() <= nanos + bootOffset) {
            return found(nanos, stat, pid);
        }
        return tellBirth(
                nanos,
                new LinuxTask(
                        tid,
                        pid,
                        reported(nanos),
                        tid == pid ? null : tasks.task(pid),
                        kernelParents,
                        Details.unknown(Reason.GONE)));
    }

    /// Makes a task that was found in `/proc`. Its parent is the one that it has now.
    LinuxTask found(long nanos, ProcStat stat, int pid) {
        return tellBirth(nanos, make(stat, pid));
    }

    /// As [#found], but no watcher is told: its CLONE is still to be read, or nobody wanted it.
    LinuxTask adopt(ProcStat stat, int pid) {
        return add(make(stat, pid));
    }

    private LinuxTask make(ProcStat stat, int pid) {
        int tid = stat.tid();
        LinuxTask process = tid == pid ? null : tasks.task(pid);
        LinuxTask parent = tid == pid ? tasks.task(stat.parentPid()) : process;
        Details details = process == null ? details(pid, stat) : process.details();
        LinuxTask task =
                new LinuxTask(
                        tid,
                        pid,
                        tick(stat.startNanos()),
                        parent,
                        kernelParents,
                        details.withComm(ProcFs.comm(stat)));
        task.stack(stat.stackStart(), System.nanoTime());
        return task;
    }

    // The name is kept even if nothing else can be read: alone it is of one program.
    private Details details(int pid, ProcStat stat) {
        Detail<Credentials> ids = proc.credentials(pid);
        return Details.of(reader.program(pid, stat, ids).program(), ids);
    }

    /// Sets what an exec has replaced: what the record does not bring is read. Ids that neither of the
    /// two says are kept: if the exec has changed them, that is reported separately.
    ///
    /// @param hasExecutedAgain whether a process has executed yet another program: asked after that was
    ///     read, which is of the later one then, and so says nothing of this exec
    void program(LinuxTask process, TaskRecord exec, IntPredicate hasExecutedAgain) {
        if (reader.needsProgram(exec)) {
            readProgram(process, hasExecutedAgain);
        } else {
            process.details(process.details().withProgram(Program.NOT_READ));
            process.stack(exec.get(Fact.STACK_START, 0), exec.nanos());
        }
        process.details(RecordFacts.apply(process.details(), exec, budget));
    }

    /// Reads what an exec has replaced.
    ///
    /// @param hasExecutedAgain as above
    void readProgram(LinuxTask process, IntPredicate hasExecutedAgain) {
        int pid = process.pid();
        Details before = process.details();
        Reading reading =
                reader.program(
                        pid,
                        // As so often it is gone: each read that fails costs ten times as much.
                        proc.exists(pid, pid) ? proc.stat(pid) : null,
                        before.credentials());
        process.stack(reading.stackStart(), System.nanoTime());
        Details details =
                before.withProgram(
                        hasExecutedAgain.test(pid)
                                ? Program.unknown(Reason.GONE)
                                : reading.program());
        process.details(
                details.isUnknown() ? details.withCredentials(proc.credentials(pid)) : details);
    }

    /// {@return the ids that a task has had so far, null if they can't be known}
    @Nullable Credentials credentials(LinuxTask task) {
        return task.details().credentials().value().orElse(null);
    }

    private LinuxTask tellBirth(long nanos, LinuxTask task) {
        add(task);
        if (isTelling) {
            task.isTold = true;
            reporter.tell(TaskEvent.CLONE, -1, task, nanos, Origin.REPAIRED);
        }
        return task;
    }

    private LinuxTask add(LinuxTask task) {
        tasks.add(task);
        return task;
    }
}
