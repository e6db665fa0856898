// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.tasks.table;

import org.jspecify.annotations.Nullable;
import org.taskwatch.api.Credentials;
import org.taskwatch.api.Detail;
import org.taskwatch.api.TaskEvent;
import org.taskwatch.api.TaskNotification.Origin;
import org.taskwatch.linux.proc.ProcStat;
import org.taskwatch.source.Fact;
import org.taskwatch.source.TaskRecord;
import org.taskwatch.source.TaskSink;
import org.taskwatch.source.TaskSource;
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
final class TableUpdater implements TaskSink {
    private final LiveTasks tasks;
    private final ProcFs proc;
    private final DetailReader reader;
    private final Births births;
    private final Endings endings;
    private final EventReporter reporter;
    private final ThreadEvents threads;
    private IntPredicate hasExecutedAgain = _ -> false;
    private boolean isLocal = true;
    private boolean isRepairNeeded;

    TableUpdater(
            LiveTasks tasks,
            ProcFs proc,
            DetailReader reader,
            Births births,
            Endings endings,
            EventReporter reporter,
            ThreadEvents threads) {
        this.tasks = tasks;
        this.proc = proc;
        this.reader = reader;
        this.births = births;
        this.endings = endings;
        this.reporter = reporter;
        this.threads = threads;
    }

    /// From now on the records are those of another source.
    ///
    /// @return whether its tasks are of the same machine as those before; if not, all tasks of that one
    ///     are ended
    boolean source(TaskSource next) {
        hasExecutedAgain = next::hasExecutedAgain;
        isRepairNeeded = true;
        if (next.isLocal() == isLocal) {
            return true;
        }
        isLocal = next.isLocal();
        for (LinuxTask task : tasks.all()) {
            if (tasks.holds(task)) { // and was not ended with its process
                endings.end(task, System.nanoTime(), Origin.REPAIRED);
            }
        }
        proc.show(isLocal);
        reader.local(isLocal);
        return false;
    }

    /// {@return whether the table can be compared with `/proc`}
    boolean isLocal() {
        return isLocal;
    }

    @Override
    public void accept(TaskRecord record) {
        reader.begin(record);
        try {
            apply(record);
        } finally { // what is read next is of no record
            reader.end();
        }
    }

    private void apply(TaskRecord record) {
        switch (record.kind()) {
            case FOUND -> found(record);
            case CLONED -> cloned(record);
            case EXECUTED -> executed(record);
            case UID_CHANGED -> userChanged(record);
            case GID_CHANGED -> groupChanged(record);
            case RENAMED -> renamed(record);
            case EXITED -> exited(record);
            case FREED -> freed(record);
        }
    }

    private void found(TaskRecord record) {
        if (!record.isThread() || threads.areOn()) {
            births.adopt(record);
        }
    }

    private void cloned(TaskRecord record) {
        if (record.isThread() && !threads.areOn()) {
            return;
        }
        long nanos = record.nanos();
        LinuxTask task = tasks.task(record.tid());
        boolean isExitOwed = false;
        if (task != null && !(task.pid() == record.pid() && births.isStartedBy(task, record))) {
            isExitOwed = task.pid() == record.pid() && task.isAlive() && !task.isLeaderGone;
            endings.end(task, nanos, Origin.OBSERVED); // its tid is used again, so it is gone
            task = null;
        }
        if (task == null) {
            task = births.fork(record);
            expectExits(task, isExitOwed);
        }
        if (!task.isTold) {
            task.isTold = true;
            long flags = record.get(Fact.CLONE_FLAGS, -1);
            reporter.tell(TaskEvent.CLONE, flags, task, nanos, Origin.OBSERVED);
        }
    }

    private void executed(TaskRecord record) {
        // The thread that executes becomes the first of its process and takes its tid: after
        // success it is the only one left. The kernel reports the exits of the others before, but
        // not the end of the tid that the thread had.
        long nanos = record.nanos();
        LinuxTask process = births.ensureKnown(nanos, record.pid(), record.pid());
        if (nanos <= process.execRepairedNanos) {
            return;
        }
        List<LinuxTask> ended = endedByExec(process, nanos);
        process.lateExits = lateExits(process, ended);
        ended.forEach(thread -> endings.end(thread, nanos, Origin.OBSERVED));
        process.isLeaderGone = false;
        process.clearStatus();
        process.state(LinuxTask.State.ALIVE);
        births.program(process, record, hasExecutedAgain);
        reporter.tell(TaskEvent.EXEC, 0, process, nanos, Origin.OBSERVED);
    }

    private void userChanged(TaskRecord record) {
        LinuxTask task = changed(record);
        if (task == null) {
            return;
        }
        Credentials old = births.credentials(task);
        if (old != null) {
            int uid = (int) record.get(Fact.EFFECTIVE_UID, old.uid());
            int realUid = (int) record.get(Fact.REAL_UID, old.realUid());
            replace(task, new Credentials(uid, old.gid(), realUid, old.realGid()));
        }
        long before = old == null ? -1 : Integer.toUnsignedLong(old.uid());
        reporter.tell(TaskEvent.UID, before, task, record.nanos(), Origin.OBSERVED);
    }

    private void groupChanged(TaskRecord record) {
        LinuxTask task = changed(record);
        if (task == null) {
            return;
        }
        Credentials old = births.credentials(task);
        if (old != null) {
            int gid = (int) record.get(Fact.EFFECTIVE_GID, old.gid());
            int realGid = (int) record.get(Fact.REAL_GID, old.realGid());
            replace(task, new Credentials(old.uid(), gid, old.realUid(), realGid));
        }
        long before = old == null ? -1 : Integer.toUnsignedLong(old.gid());
        reporter.tell(TaskEvent.GID, before, task, record.nanos(), Origin.OBSERVED);
    }

    /// {@return the task whose ids have changed, null if that is known already or nobody wants it}
    private @Nullable LinuxTask changed(TaskRecord record) {
        if (threads.isIgnored(record)) {
            return null;
        }
        LinuxTask task = births.ensureKnown(record.nanos(), record.tid(), record.pid());
        return record.nanos() <= task.idsRepairedNanos ? null : task;
    }

    private static void replace(LinuxTask task, Credentials ids) {
        task.details(task.details().withCredentials(Detail.of(ids)));
    }

    private void renamed(TaskRecord record) {
        Detail<String> comm = record.comm();
        if (comm != null && !threads.isIgnored(record)) {
            LinuxTask task = births.ensureKnown(record.nanos(), record.tid(), record.pid());
            task.details(task.details().withComm(comm));
        }
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

    private void exited(TaskRecord record) {
        int tid = record.tid();
        int pid = record.pid();
        int status = (int) record.get(Fact.STATUS, LinuxTask.UNKNOWN);
        if (threads.isIgnored(record)) {
            endings.exitedUnknown(tasks.task(pid), status);
            return;
        }
        LinuxTask task = tasks.task(tid);
        if (task != null && task.pid() != pid) {
            return; // of who had the tid before, whose end was told when it was used again
        }
        if (!isLate(tid, pid, status)) {
            long nanos = record.nanos();
            endings.exited(births.ensureKnown(nanos, tid, pid), nanos, status);
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

    private void freed(TaskRecord record) {
        LinuxTask process = tasks.task(record.pid());
        if (process != null && !process.isThread()) {
            endings.reaped(process, record.nanos());
        }
    }

    @Override
    public void lost(long count, String cause, long sinceNanos) {
        isRepairNeeded = true;
        reporter.lost(count, cause, sinceNanos);
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
