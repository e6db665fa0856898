// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.tasks.table;

import org.jspecify.annotations.Nullable;
import org.taskwatch.api.Credentials;
import org.taskwatch.api.Detail;
import org.taskwatch.api.Detail.Reason;
import org.taskwatch.api.Gate;
import org.taskwatch.api.TaskEvent;
import org.taskwatch.api.TaskNotification.Origin;
import org.taskwatch.api.Usage;
import org.taskwatch.linux.proc.ProcStat;
import org.taskwatch.source.Fact;
import org.taskwatch.source.TaskRecord;
import org.taskwatch.tasks.detail.DetailBudget;
import org.taskwatch.tasks.detail.Details;
import org.taskwatch.tasks.detail.Program;
import org.taskwatch.tasks.detail.ProgramReader;
import org.taskwatch.tasks.detail.RecordFacts;
import org.taskwatch.tasks.procfs.ProcFs;

import java.util.function.IntPredicate;

/// Makes the tasks of the table, from forks and from `/proc`. For the pump thread only.
final class Births {
    private final LiveTasks tasks;
    private final ProcFs proc;
    private final ProgramReader reader;
    private final DetailBudget budget;
    private final KernelParents kernelParents;
    private final ForkMatcher forks;
    private final Endings endings;
    private final Reporter reporter;
    private final Clocks clocks;
    private boolean isTelling;

    Births(
            LiveTasks tasks,
            ProcFs proc,
            ProgramReader reader,
            DetailBudget budget,
            Endings endings,
            Reporter reporter,
            Clocks clocks,
            ForkMatcher forks) {
        this.tasks = tasks;
        this.proc = proc;
        this.reader = reader;
        this.budget = budget;
        this.kernelParents = new KernelParents(tasks, proc);
        this.endings = endings;
        this.reporter = reporter;
        this.clocks = clocks;
        this.forks = forks;
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
        return task.birth().isAt(Start.of(birth), startNanos(birth));
    }

    /// {@return whether a record that brings its task's start is of this one; without it that can't be told}
    /// A source may tell the end of a task when its tid has another owner.
    boolean isTheOneOf(TaskRecord record, LinuxTask task) {
        return !record.has(Fact.START_NANOS) || isStartedBy(task, record);
    }

    private long startNanos(TaskRecord birth) {
        return Start.nanos(birth, clocks.bootNanos(birth.nanos()));
    }

    /// Makes a task that was forked. A process has the details of the task that forked it, as they
    /// were last read: a fork copies them. A thread has those of its process, as the kernel does
    /// not say which thread made it; a name or ids that only that thread had are missed. What the record
    /// brings takes their place. If the fork was asked for, it is the task that was made then.
    LinuxTask fork(TaskRecord birth) {
        int pid = birth.pid();
        LinuxTask parent = birth.isThread() ? ensureKnown(birth.nanos(), pid, pid) : parent(birth);
        Details details = parent == null ? Details.unknown(Reason.GONE) : parent.details();
        if (!details.isUnknown()) {
            details = birth.isThread() ? details : details.forked();
        } else if (RecordFacts.credentials(birth) == null) {
            details = reader.ofProcess(pid).withLabels(details.labelSet());
        }
        Details brought = RecordFacts.apply(details, birth, budget);
        LinuxTask task = make(forks.born(birth), birth(birth), parent, brought);
        if (parent != null) {
            task.forkStack(parent, birth.nanos());
        }
        return add(task);
    }

    private Birth birth(TaskRecord record) {
        return birth(record.tid(), record.pid(), Start.of(record), startNanos(record));
    }

    private Birth birth(int tid, int pid, Start start, long nanos) {
        return new Birth(tid, pid, start, nanos, clocks.bootEpochNanos(nanos));
    }

    /// @param unborn the task that is born, null for a new one, which is in the gate of its parent
    private LinuxTask make(
            @Nullable LinuxTask unborn, Birth birth, @Nullable LinuxTask parent, Details details) {
        LinuxTask task = unborn;
        if (task == null) {
            Gate gate = parent == null ? null : parent.gate();
            task = new LinuxTask(birth, parent, gate, kernelParents, details);
        } else {
            task.born(birth, parent, details);
        }
        Ancestors.cut(task);
        return task;
    }

    private @Nullable LinuxTask parent(TaskRecord birth) {
        LinuxTask parent = tasks.task((int) birth.get(Fact.PARENT_TID, 0));
        return parent == null ? tasks.task((int) birth.get(Fact.PARENT_PID, 0)) : parent;
    }

    /// Takes in a task that a source has found when it began. No watcher is told.
    ///
    /// @return the task, null if the table has it already
    @Nullable LinuxTask adopt(TaskRecord found) {
        LinuxTask known = tasks.task(found.tid());
        if (known != null && isStartedBy(known, found)) {
            return null;
        }
        if (known != null) {
            endings.end(known, found.nanos(), Origin.REPAIRED);
        }
        LinuxTask parent = found.isThread() ? tasks.task(found.pid()) : parent(found);
        Details unknown = Details.unknown(Reason.NOT_READ);
        if (found.isRepaired()) { // its ids were looked for
            unknown = unknown.withCredentials(Detail.unknown(Reason.GONE));
        }
        Details brought = labelled(RecordFacts.apply(unknown, found, budget), parent);
        LinuxTask task = make(null, birth(found), parent, brought);
        task.stack(found.get(Fact.STACK_START, 0), found.nanos());
        if (found.has(Fact.STATUS)) {
            usage(task, found);
            task.merge((int) found.get(Fact.STATUS));
            task.state(LinuxTask.State.EXITED);
        }
        return add(task);
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
        if (stat != null && stat.startNanos() <= clocks.bootNanos(nanos)) {
            return found(nanos, stat, pid);
        }
        return tellBirth(
                nanos,
                make(
                        null,
                        birth(tid, pid, Start.REPORTED, clocks.bootNanos(nanos)),
                        tid == pid ? null : tasks.task(pid),
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
        LinuxTask unborn =
                tid == pid
                        ? forks.foundChild(
                                stat.parentPid(), stat.startNanos() - clocks.bootNanos(0))
                        : null;
        LinuxTask task =
                make(
                        unborn,
                        birth(tid, pid, Start.SHOWN, stat.startNanos()),
                        parent,
                        labelled(details.withComm(ProcFs.comm(stat)), parent));
        task.stack(stat.stackStart(), System.nanoTime());
        return task;
    }

    /// What is found was forked by who is its parent now, as far as can be known.
    private static Details labelled(Details details, @Nullable LinuxTask parent) {
        return parent == null ? details : details.withLabels(parent.details().labelSet());
    }

    // The name is kept even if nothing else can be read: alone it is of one program.
    private Details details(int pid, ProcStat stat) {
        Detail<Credentials> ids = proc.credentials(pid);
        return Details.of(reader.read(pid, stat, ids).program(), ids);
    }

    /// Sets what an exec has replaced: what the record does not bring is read. Ids that neither of the
    /// two says are kept: if the exec has changed them, that is reported separately.
    ///
    /// @param hasExecutedAgain whether a process has executed yet another program: asked after that was
    ///     read, which is of the later one then, and so says nothing of this exec
    void program(LinuxTask process, TaskRecord exec, IntPredicate hasExecutedAgain) {
        process.details(process.details().executed());
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
        ProgramReader.Reading reading =
                reader.read(
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

    /// Sets what a record brings of a task that was there before, but for ids.
    void facts(LinuxTask task, TaskRecord record) {
        if (RecordFacts.bringsDetails(record)) {
            task.details(RecordFacts.applyDetails(task.details(), record, budget));
        }
    }

    /// Sets what a process has used, if a record brings that.
    void usage(LinuxTask process, TaskRecord end) {
        Usage usage = RecordFacts.usage(end);
        if (usage != null) {
            process.details(process.details().withUsage(Detail.of(usage)));
        }
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
