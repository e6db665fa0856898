// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.tasks.table;

import org.taskwatch.api.Credentials;
import org.taskwatch.api.Detail;
import org.taskwatch.api.TaskEvent;
import org.taskwatch.api.TaskNotification.Origin;
import org.taskwatch.tasks.TaskRecorder;

/// Applies the records of the active source to the table, and tells what has happened. For the pump
/// thread only.
///
/// Records may overlap with what a scan of `/proc` has put in the table: a task that is there
/// already, with the same start, is not born again.
final class Recorder implements TaskRecorder {
    private final LiveTasks tasks;
    private final Births births;
    private final Endings endings;
    private final Stream stream;
    private boolean isRepairNeeded;

    Recorder(LiveTasks tasks, Births births, Endings endings, Stream stream) {
        this.tasks = tasks;
        this.births = births;
        this.endings = endings;
        this.stream = stream;
    }

    @Override
    public void cloned(long nanos, int tid, int pid, int parentTid, int parentPid, long flags) {
        LinuxTask task = tasks.task(tid);
        if (task != null && !(task.pid() == pid && births.isStartedAt(task, nanos))) {
            endings.end(task, nanos, Origin.OBSERVED); // its tid is used again, so it is gone
            task = null;
        }
        if (task == null) {
            task = births.fork(nanos, tid, pid, parentTid, parentPid);
        }
        if (!task.isTold) {
            task.isTold = true;
            stream.tell(TaskEvent.CLONE, flags, task, nanos, Origin.OBSERVED);
        }
    }

    @Override
    public void executed(long nanos, int tid, int pid) {
        // The thread that executes becomes the first of its process and takes the tid of that: with
        // success it is the only one left. The kernel tells the others' exits before, but not the
        // end of the tid that it had.
        LinuxTask process = births.known(nanos, pid, pid);
        if (nanos <= process.execRepairedNanos) {
            return;
        }
        endings.endThreads(process, nanos, Origin.OBSERVED);
        process.isLeaderGone = false;
        process.clearStatus();
        process.state(LinuxTask.State.ALIVE);
        births.readProgram(process);
        stream.tell(TaskEvent.EXEC, 0, process, nanos, Origin.OBSERVED);
    }

    @Override
    public void userChanged(long nanos, int tid, int pid, int realUid, int uid) {
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
        LinuxTask task = births.known(nanos, tid, pid);
        task.details(task.details().withComm(Detail.of(comm)));
    }

    @Override
    public void exited(long nanos, int tid, int pid, int status) {
        endings.exited(births.known(nanos, tid, pid), nanos, status);
    }

    @Override
    public void freed(long nanos, int pid) {
        LinuxTask process = tasks.task(pid);
        if (process != null && !process.isThread()) {
            endings.reaped(process, nanos);
        }
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
