// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.tasks.table;

import org.jspecify.annotations.Nullable;
import org.taskwatch.api.Credentials;
import org.taskwatch.api.Detail;
import org.taskwatch.api.Detail.Reason;
import org.taskwatch.api.TaskEvent;
import org.taskwatch.api.TaskNotification.Origin;
import org.taskwatch.linux.proc.ProcStat;
import org.taskwatch.tasks.TaskRecorder;
import org.taskwatch.tasks.procfs.ProcFs;
import org.taskwatch.tasks.table.Captures.Reading;

import java.util.function.IntPredicate;

/// Makes the tasks of the table, from forks and from `/proc`. For the pump thread only.
final class Births {
    private final LiveTasks tasks;
    private final ProcFs proc;
    private final Captures captures;
    private final KernelParents kernelParents;
    private final Endings endings;
    private final Stream stream;
    private long bootOffset; // CLOCK_BOOTTIME minus CLOCK_MONOTONIC, in nanoseconds
    private boolean isTelling;

    Births(LiveTasks tasks, ProcFs proc, Captures captures, Endings endings, Stream stream) {
        this.tasks = tasks;
        this.proc = proc;
        this.captures = captures;
        this.kernelParents = new KernelParents(tasks, proc);
        this.endings = endings;
        this.stream = stream;
    }

    /// Sets how long the machine has slept.
    void bootOffset(long nanos) {
        bootOffset = nanos;
    }

    /// From now on a task that is found without a fork having been reported is news: that was lost.
    void beginTelling() {
        isTelling = true;
    }

    /// {@return as [TaskRecorder#isHurried]}
    boolean isHurried() {
        return captures.isHurried();
    }

    /// {@return whether watchers are told of what is found; false while the table is being filled}
    boolean isTelling() {
        return isTelling;
    }

    /// {@return whether a task is the one that started at a time of CLOCK_MONOTONIC}
    boolean isStartedAt(LinuxTask task, long nanos) {
        return task.isStartedAt(nanos + bootOffset);
    }

    /// Makes a task that was forked. A process has the details of the task that forked it, as they
    /// were last read: a fork copies them. A thread has those of its process, as the kernel does
    /// not say which thread made it; a name or ids that only that thread had are missed.
    LinuxTask fork(long nanos, int tid, int pid, int parentTid, int parentPid) {
        LinuxTask parent;
        if (tid != pid) {
            parent = known(nanos, pid, pid);
        } else {
            parent = tasks.task(parentTid);
            parent = parent == null ? tasks.task(parentPid) : parent;
        }
        Details details = parent == null ? Details.unknown(Reason.GONE) : parent.details();
        if (details.isUnknown()) {
            details = captures.ofProcess(pid);
        } else if (tid == pid) {
            details = details.forked();
        }
        long start = nanos + bootOffset;
        LinuxTask task =
                new LinuxTask(
                        tid, pid, start, stream.instant(nanos), parent, kernelParents, details);
        if (parent != null) {
            task.forkStack(parent, nanos);
        }
        return add(task);
    }

    /// {@return the task that a record names; if the table has none, or another with this tid,
    /// one made of what can still be known of it, whose CLONE is reported here: no event comes
    /// before it}
    LinuxTask known(long nanos, int tid, int pid) {
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
                        nanos + bootOffset,
                        stream.instant(nanos),
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
        long start = stat.startNanos();
        LinuxTask task =
                new LinuxTask(
                        tid,
                        pid,
                        start,
                        stream.instant(start - bootOffset),
                        parent,
                        kernelParents,
                        details.withComm(ProcFs.comm(stat)));
        task.stack(stat.stackStart(), System.nanoTime());
        return task;
    }

    // The name is kept even if nothing else can be read: alone it is of one program.
    private Details details(int pid, ProcStat stat) {
        Detail<Credentials> ids = proc.credentials(pid);
        return Details.of(captures.program(pid, stat, ids).program(), ids);
    }

    /// Reads what an exec has replaced. The ids are kept: if the exec has changed them, that is reported
    /// separately.
    ///
    /// @param hasExecutedAgain whether a process has executed yet another program: asked after that was
    ///     read, which is of the later one then, and so says nothing of this exec
    void readProgram(LinuxTask process, IntPredicate hasExecutedAgain) {
        int pid = process.pid();
        Details before = process.details();
        Reading reading =
                captures.program(
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
            stream.tell(TaskEvent.CLONE, 0, task, nanos, Origin.REPAIRED);
        }
        return task;
    }

    private LinuxTask add(LinuxTask task) {
        tasks.add(task);
        return task;
    }
}
