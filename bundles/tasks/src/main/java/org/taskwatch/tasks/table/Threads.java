// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.tasks.table;

import org.taskwatch.api.TaskNotification.Origin;
import org.taskwatch.api.spi.Interest;
import org.taskwatch.linux.proc.ProcStat;
import org.taskwatch.tasks.procfs.ProcFs;

import java.io.IOException;
import java.io.UncheckedIOException;

/// Keeps threads in the table while somebody wants their events, and only then. For the pump thread
/// only.
///
/// On a JVM host most events are of threads. So while nobody wants them the source leaves them
/// out, and the table knows only of processes. The source then finds out when a process ends,
/// see [org.taskwatch.tasks.TaskSource#threads].
///
/// **When they become wanted**, the source begins to report them first, and then those that are
/// alive are taken in from `/proc`, so none falls between. Watchers are not told of these: nothing
/// was lost. A thread that begins between the two steps is reported when its CLONE is read. One
/// that began before and ends in between is never reported: its exit is read, but [#isLeftOut].
///
/// **When they are no longer wanted**, those in the table are dropped, and watchers are not
/// told either.
final class Threads {
    private final Interest interest;
    private final LiveTasks tasks;
    private final ProcFs proc;
    private final Births births;
    private final Endings endings;
    private boolean areKept;

    /// The threads that began before this, by CLOCK_MONOTONIC, and live are in the table.
    private long knownNanos = Long.MIN_VALUE;

    Threads(Interest interest, LiveTasks tasks, ProcFs proc, Births births, Endings endings) {
        this.interest = interest;
        this.tasks = tasks;
        this.proc = proc;
        this.births = births;
        this.endings = endings;
        areKept = interest.threads();
    }

    /// {@return whether the table holds threads}
    boolean areKept() {
        return areKept;
    }

    /// {@return whether that must change}
    ///
    /// @param areTold whether a source reports events: while none does, they are kept, so that
    ///     nobody who wants them need wait for one
    boolean mustChange(boolean areTold) {
        return areKept != (interest.threads() || !areTold);
    }

    /// {@return whether a record is of a thread that is not known because nobody wanted it}
    boolean isLeftOut(long nanos, int tid, int pid) {
        return tid != pid && (!areKept || nanos <= knownNanos && tasks.task(tid) == null);
    }

    /// Takes in the threads that live. The source reports them already.
    void takeIn() {
        try {
            for (int pid : proc.processes()) {
                ProcStat process = proc.stat(pid);
                if (process != null && process.threads() > 1) {
                    takeIn(process);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException("can't look for threads in /proc", e);
        }
        knownNanos = System.nanoTime();
        areKept = true;
        interest.tellThreads();
    }

    private void takeIn(ProcStat process) {
        int pid = process.tid();
        LinuxTask known = tasks.task(pid);
        if (known == null) {
            births.adopt(process, pid); // its CLONE is still to be read
        } else if (known.pid() != pid || !known.isStartedAt(process.startNanos())) {
            return; // as is the end of who had the pid before
        }
        for (int tid : proc.threads(pid)) {
            long nanos = System.nanoTime();
            ProcStat thread = tid == pid ? null : proc.stat(pid, tid);
            if (thread != null && !thread.isDead() && tasks.task(tid) == null) {
                births.adopt(thread, pid).shownNanos = nanos;
            }
        }
    }

    /// Asks to drop the threads. If that is granted, the source is to leave them out before
    /// [#letGo].
    boolean mayLetGo() {
        return interest.leaveOutThreads();
    }

    /// Drops the threads. The source already finds out when their processes end.
    void letGo() {
        areKept = false;
        long now = System.nanoTime();
        for (LinuxTask task : tasks.all()) {
            if (task.isThread()) {
                tasks.remove(task);
                task.leave();
            } else {
                task.lateExits = LateExits.NONE;
            }
        }
        for (LinuxTask task : tasks.all()) {
            if (task.isReaped) { // and its FREE was held for a thread
                endings.end(task, now, Origin.OBSERVED);
            }
        }
    }

    /// Events are no longer reported: nobody need wait for those of threads.
    void close() {
        interest.tellThreads();
    }
}
