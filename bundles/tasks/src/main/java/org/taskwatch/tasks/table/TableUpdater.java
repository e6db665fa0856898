// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.tasks.table;

import org.jspecify.annotations.Nullable;
import org.taskwatch.api.Detail;
import org.taskwatch.api.TaskEvent;
import org.taskwatch.api.TaskNotification.Origin;
import org.taskwatch.linux.proc.ProcStat;
import org.taskwatch.source.Fact;
import org.taskwatch.source.TaskRecord;
import org.taskwatch.source.TaskSink;
import org.taskwatch.source.TaskSource;
import org.taskwatch.tasks.procfs.ProcFs;

import java.util.Set;
import java.util.function.IntPredicate;

/// Applies the records of the active source to the table, and reports what has happened. For the
/// pump thread only.
///
/// Records may overlap with what a scan of `/proc` has put in the table: a task that is there
/// already, with the same start, is not born again.
public final class TableUpdater implements TaskSink {
    private final LiveTasks tasks;
    private final ProcFs proc;
    private final DetailReader reader;
    private final Births births;
    private final Endings endings;
    private final Reporter reporter;
    private final ThreadEvents threads;
    private final Clocks clocks;
    private final IdChanges ids;
    private final ForkMatcher forks;
    private final Execs execs;
    private final RepairedRecords repaired;
    private IntPredicate hasExecutedAgain = _ -> false;
    private boolean isLocal = true;
    private boolean isRepairNeeded;

    TableUpdater(
            LiveTasks tasks,
            ProcFs proc,
            DetailReader reader,
            Births births,
            Endings endings,
            Reporter reporter,
            ThreadEvents threads,
            Clocks clocks,
            IdChanges ids,
            ForkMatcher forks) {
        this.tasks = tasks;
        this.proc = proc;
        this.reader = reader;
        this.births = births;
        this.endings = endings;
        this.reporter = reporter;
        this.threads = threads;
        this.clocks = clocks;
        this.ids = ids;
        this.forks = forks;
        execs = new Execs(births, endings, reporter);
        repaired = new RepairedRecords(tasks, births, endings, ids, reporter);
    }

    /// From now on the records are those of another source.
    ///
    /// @param next that source
    /// @return whether its tasks are of the same machine as those before; if not, all tasks of that one
    ///     are ended
    public boolean source(TaskSource next) {
        hasExecutedAgain = next::hasExecutedAgain;
        forks.source(next);
        isRepairNeeded = true;
        if (next.isLocal() && isLocal) {
            return true;
        }
        isLocal = next.isLocal();
        if (!isLocal) {
            clocks.bootOffset(0); // its starts have the clock of its records
            births.beginTelling(); // what is found will not come of a scan
        }
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
    public boolean isLocal() {
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
        if (record.isRepaired()) {
            repaired.apply(record);
            return;
        }
        switch (record.kind()) {
            case FOUND -> found(record);
            case CLONED -> cloned(record);
            case EXECUTED -> execs.apply(record, hasExecutedAgain);
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
        } else {
            births.facts(task, record);
        }
        if (!task.isTold) {
            task.isTold = true;
            long flags = record.get(Fact.CLONE_FLAGS, -1);
            reporter.tell(TaskEvent.CLONE, flags, task, nanos, Origin.OBSERVED);
        }
    }

    private void userChanged(TaskRecord record) {
        LinuxTask task = changed(record);
        if (task != null) {
            ids.user(task, record, Origin.OBSERVED);
        }
    }

    private void groupChanged(TaskRecord record) {
        LinuxTask task = changed(record);
        if (task != null) {
            ids.group(task, record, Origin.OBSERVED);
        }
    }

    /// {@return the task whose ids have changed, null if that is known already or nobody wants it}
    private @Nullable LinuxTask changed(TaskRecord record) {
        if (threads.isIgnored(record)) {
            return null;
        }
        LinuxTask task = births.ensureKnown(record.nanos(), record.tid(), record.pid());
        if (record.nanos() <= task.repaired.ids()) {
            return null;
        }
        births.facts(task, record);
        return task;
    }

    private void renamed(TaskRecord record) {
        Detail<String> comm = record.comm();
        if (comm != null && !threads.isIgnored(record)) {
            LinuxTask task = births.ensureKnown(record.nanos(), record.tid(), record.pid());
            task.details(task.details().withComm(comm));
        }
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
            task = births.ensureKnown(nanos, tid, pid);
            births.facts(task, record);
            LinuxTask process = task.isThread() ? tasks.processOf(task) : task;
            if (process == null) {
                endings.exited(task, nanos, status);
            } else {
                births.usage(process, record);
                endings.exited(task, nanos, status);
                KnownFacts.addUsage(
                        record, process); // a recording may not find the process any more
            }
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
        if (process != null && !process.isThread() && births.isTheOneOf(record, process)) {
            births.usage(process, record); // more than at its EXIT: with what it took to end it
            endings.reaped(process, record.nanos());
        }
    }

    @Override
    public void lost(long count, String cause, long sinceNanos) {
        isRepairNeeded = true;
        forks.lost();
        reporter.lost(count, cause, sinceNanos);
    }

    /// Makes the next repair compare the table with `/proc`.
    public void needRepair() {
        isRepairNeeded = true;
    }

    /// {@return whether something was lost, or may have been, since the last repair}
    public boolean isRepairNeeded() {
        return isRepairNeeded;
    }

    /// Takes note that the table has been compared with `/proc`.
    public void repaired() {
        isRepairNeeded = false;
    }
}
