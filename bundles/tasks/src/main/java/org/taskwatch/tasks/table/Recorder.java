// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.tasks.table;

import org.taskwatch.api.Credentials;
import org.taskwatch.api.Detail;
import org.taskwatch.api.TaskEvent;
import org.taskwatch.api.TaskNotification.Origin;
import org.taskwatch.linux.proc.ProcStat;
import org.taskwatch.tasks.TaskRecorder;
import org.taskwatch.tasks.procfs.ProcFs;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.IntPredicate;

/// Applies the records of the active source to the table, and reports what has happened. For the
/// pump thread only.
///
/// Records may overlap with what a scan of `/proc` has put in the table: a task that is there
/// already, with the same start, is not born again.
final class Recorder implements TaskRecorder {
    private final LiveTasks tasks;
    private final ProcFs proc;
    private final Births births;
    private final Endings endings;
    private final Stream stream;
    private final Threads threads;
    private boolean isRepairNeeded;

    Recorder(
            LiveTasks tasks,
            ProcFs proc,
            Births births,
            Endings endings,
            Stream stream,
            Threads threads) {
        this.tasks = tasks;
        this.proc = proc;
        this.births = births;
        this.endings = endings;
        this.stream = stream;
        this.threads = threads;
    }

    @Override
    public void cloned(long nanos, int tid, int pid, int parentTid, int parentPid, long flags) {
        if (tid != pid && !threads.areKept()) {
            return;
        }
        LinuxTask task = tasks.task(tid);
        boolean isExitOwed = false;
        if (task != null && !(task.pid() == pid && births.isStartedAt(task, nanos))) {
            isExitOwed = task.pid() == pid && task.isAlive() && !task.isLeaderGone;
            endings.end(task, nanos, Origin.OBSERVED); // its tid is used again, so it is gone
            task = null;
        }
        if (task == null) {
            task = births.fork(nanos, tid, pid, parentTid, parentPid);
            expectExits(task, isExitOwed);
        }
        if (!task.isTold) {
            task.isTold = true;
            stream.tell(TaskEvent.CLONE, flags, task, nanos, Origin.OBSERVED);
        }
    }

    @Override
    public void executed(long nanos, int tid, int pid, IntPredicate hasExecutedAgain) {
        // The thread that executes becomes the first of its process and takes its tid: after
        // success it is the only one left. The kernel reports the exits of the others before, but
        // not the end of the tid that the thread had.
        LinuxTask process = births.known(nanos, pid, pid);
        if (nanos <= process.execRepairedNanos) {
            return;
        }
        List<LinuxTask> ended = endedByExec(process, nanos);
        process.lateExits = lateExits(process, ended);
        ended.forEach(thread -> endings.end(thread, nanos, Origin.OBSERVED));
        process.isLeaderGone = false;
        process.clearStatus();
        process.state(LinuxTask.State.ALIVE);
        births.readProgram(process, hasExecutedAgain);
        stream.tell(TaskEvent.EXEC, 0, process, nanos, Origin.OBSERVED);
    }

    @Override
    public void userChanged(long nanos, int tid, int pid, int realUid, int uid) {
        if (threads.isLeftOut(nanos, tid, pid)) {
            return;
        }
        LinuxTask task = births.known(nanos, tid, pid);
        if (nanos <= task.idsRepairedNanos) {
            return;
        }
        Credentials old = births.credentials(task);
        if (old != null) {
            replace(task, new Credentials(uid, old.gid(), realUid, old.realGid()));
        }
        long before = old == null ? -1 : Integer.toUnsignedLong(old.uid());
        stream.tell(TaskEvent.UID, before, task, nanos, Origin.OBSERVED);
    }

    @Override
    public void groupChanged(long nanos, int tid, int pid, int realGid, int gid) {
        if (threads.isLeftOut(nanos, tid, pid)) {
            return;
        }
        LinuxTask task = births.known(nanos, tid, pid);
        if (nanos <= task.idsRepairedNanos) {
            return;
        }
        Credentials old = births.credentials(task);
        if (old != null) {
            replace(task, new Credentials(old.uid(), gid, old.realUid(), realGid));
        }
        long before = old == null ? -1 : Integer.toUnsignedLong(old.gid());
        stream.tell(TaskEvent.GID, before, task, nanos, Origin.OBSERVED);
    }

    private static void replace(LinuxTask task, Credentials ids) {
        task.details(task.details().withCredentials(Detail.of(ids)));
    }

    @Override
    public void renamed(long nanos, int tid, int pid, String comm) {
        if (threads.isLeftOut(nanos, tid, pid)) {
            return;
        }
        LinuxTask task = births.known(nanos, tid, pid);
        task.details(task.details().withComm(Detail.of(comm)));
    }

    // A thread that /proc has shown later was born after the exec, which was still to be read.
    private static List<LinuxTask> endedByExec(LinuxTask process, long nanos) {
        if (process.threads().isEmpty()) { // as nearly always
            return List.of();
        }
        return process.threads().stream().filter(thread -> thread.shownNanos < nanos).toList();
    }

    // With other threads, the first one may have executed itself, or be one of those that the exec
    // has ended: its EXIT may still be read, unless it was.
    private static LateExits lateExits(LinuxTask process, List<LinuxTask> ended) {
        if (ended.isEmpty()) {
            return LateExits.NONE;
        }
        Set<Integer> tids = new HashSet<>();
        ended.forEach(thread -> tids.add(thread.tid()));
        if (!process.isLeaderGone) {
            tids.add(process.tid());
        }
        return new LateExits(process.tid(), tids);
    }

    private void expectExits(LinuxTask born, boolean isExitOwed) {
        LinuxTask process = tasks.processOf(born);
        if (process != null) {
            process.lateExits.forget(born.tid());
        } else if (isExitOwed) {
            born.lateExits = new LateExits(born.tid(), Set.of(born.tid()));
        }
    }

    @Override
    public void exited(long nanos, int tid, int pid, int status) {
        if (threads.isLeftOut(nanos, tid, pid)) {
            endings.exitedUnknown(tasks.task(pid), status);
            return;
        }
        LinuxTask task = tasks.task(tid);
        if (task != null && task.pid() != pid) {
            return; // of who had the tid before, whose end was told when it was used again
        }
        if (!isLate(tid, pid, status)) {
            endings.exited(births.known(nanos, tid, pid), nanos, status);
        }
    }

    /// {@return whether an EXIT says nothing new}
    ///
    /// If the task is gone by now, nobody can know whose EXIT this is: it is reported with the next
    /// one or with the FREE, whichever comes first, and the status of both.
    private boolean isLate(int tid, int pid, int status) {
        LinuxTask process = tasks.task(pid);
        if (process == null || process.pid() != pid || !process.lateExits.take(tid)) {
            return false;
        }
        if (tid == pid) {
            ProcStat stat = proc.stat(pid);
            if (stat == null || stat.isDead()) {
                process.merge(status);
            }
        }
        return true;
    }

    @Override
    public void freed(long nanos, int pid) {
        LinuxTask process = tasks.task(pid);
        if (process != null && !process.isThread()) {
            endings.reaped(process, nanos);
        }
    }

    @Override
    public boolean isHurried() {
        return births.isHurried();
    }

    @Override
    public void lost(long count, String cause, long sinceNanos) {
        isRepairNeeded = true;
        stream.lost(count, cause, sinceNanos);
    }

    /// Makes the next repair compare the table with `/proc`.
    void needRepair() {
        isRepairNeeded = true;
    }

    /// {@return whether something was lost, or may have been, since the last repair}
    boolean isRepairNeeded() {
        return isRepairNeeded;
    }

    /// Takes note that the table has been compared with `/proc`.
    void repaired() {
        isRepairNeeded = false;
    }
}
