// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.tasks.table;

import org.jspecify.annotations.Nullable;
import org.taskwatch.api.Credentials;
import org.taskwatch.api.Detail;
import org.taskwatch.api.TaskEvent;
import org.taskwatch.api.TaskNotification.Origin;
import org.taskwatch.linux.proc.ProcStat;
import org.taskwatch.source.TaskRecord;
import org.taskwatch.tasks.procfs.ProcFs;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;

/// Makes the table equal to `/proc`: at the start, after a loss, and when the source has changed.
/// For the pump thread only.
///
/// The source observes while the scan runs, so what happens during it comes twice: found here, and
/// as a record later. Births are reported once because a task has its identity; an EXEC, UID or GID
/// that was reported here leaves its time in the task, and an earlier record of it is dropped. An
/// end is not reported at once: its record may be under way, and knows the status. [#settle],
/// called after the source has been read once more, reports those that did not come.
///
/// An exec is seen by the address of the stack, which the kernel chooses anew for each. Where it does not
/// (`kernel.randomize_va_space` = 0) it is the same after an exec with as many bytes of arguments and
/// environment, and that can't be seen; nor can one of another user's process by a user who is not root.
public final class Repair {
    private static final Comparator<Found> PARENTS_FIRST =
            Comparator.<Found>comparingLong(found -> found.stat.startNanos())
                    .thenComparingInt(found -> found.stat.tid());

    private final LiveTasks tasks;
    private final ProcFs proc;
    private final Births births;
    private final Endings endings;
    private final Reporter reporter;
    private final ThreadEvents threads;
    private final Clocks clocks;
    private final IdChanges ids;
    private final Recordings recordings;
    private final TaskRecord record = new TaskRecord();

    /// So many zombies are looked at by one [#reap]: some milliseconds, however many a user leaves.
    static final int LOOKS = 512;

    /// Tasks that the last scan has found exited or gone.
    private final List<LinuxTask> ended = new ArrayList<>();

    /// Exited processes that a scan has met. Perhaps no source will see their end: the one that saw
    /// the exit may have gone, or none saw it.
    private final LinkedHashSet<LinuxTask> zombies = new LinkedHashSet<>();

    /// The tids that the last scan has met.
    private final BitSet seen = new BitSet();

    /// What was found, and a time before it was read: a later report is of something else.
    private record Found(ProcStat stat, int pid, long nanos) {}

    Repair(
            LiveTasks tasks,
            ProcFs proc,
            Births births,
            Endings endings,
            Reporter reporter,
            ThreadEvents threads,
            Clocks clocks,
            IdChanges ids,
            Recordings recordings) {
        this.tasks = tasks;
        this.proc = proc;
        this.births = births;
        this.endings = endings;
        this.reporter = reporter;
        this.threads = threads;
        this.clocks = clocks;
        this.ids = ids;
        this.recordings = recordings;
    }

    /// Compares the table with `/proc`. The first time the table is filled, and no watcher is told;
    /// from then on each difference is reported.
    public void scan() {
        ended.clear();
        seen.clear();
        try {
            clocks.bootOffset(proc.bootOffsetNanos());
            find().forEach(this::compare);
        } catch (IOException e) {
            throw new UncheckedIOException("can't compare the table with /proc", e);
        }
        if (proc.showsAll()) {
            for (LinuxTask task : tasks.all()) {
                // A listing may miss a task while others go, so ask once more.
                if (!seen.get(task.tid()) && isGone(task)) {
                    ended.add(task);
                }
            }
        }
    }

    /// Reports the ends that the last scan has found and that no record has reported since.
    public void settle() {
        long now = System.nanoTime();
        for (LinuxTask task : ended) {
            if (tasks.holds(task)) {
                settle(task, now);
            }
        }
        ended.clear();
        births.beginTelling();
    }

    /// {@return whether [#settle] has something to do}
    public boolean mustSettle() {
        return !ended.isEmpty();
    }

    /// Looks for exited processes that have been reaped, and for those that have lost their last
    /// thread since their first; of many, for some in turn. What no record reports is reported by the
    /// next [#settle].
    public void reap() {
        for (int left = Math.min(LOOKS, zombies.size()); left > 0; left--) {
            LinuxTask task = zombies.removeFirst();
            boolean isRevived = task.isAlive() && !task.isLeaderGone; // by an exec
            if (!tasks.holds(task) || isRevived) {
                continue;
            }
            boolean isGone = isGone(task);
            if (isGone || task.isAlive()) {
                ended.add(task);
            }
            if (!isGone) {
                zombies.add(task);
            }
        }
    }

    private void settle(LinuxTask task, long now) {
        ProcStat stat = proc.stat(task.pid(), task.tid());
        if (isGone(task, stat)) {
            LinuxTask process = tasks.processOf(task);
            endings.end(task, now, Origin.REPAIRED);
            if (process != null) {
                endings.exitWithLastThread(process, now, Origin.REPAIRED);
            }
        } else if (stat != null && stat.isDead()) {
            task.isLeaderGone = true;
            recordings.leaderExited(task, now);
            zombies.add(task);
            if (!threads.areOn() && stat.threads() > 1) {
                return; // the table can't tell when they end
            }
            if (births.isTelling()) {
                endings.exitWithLastThread(task, now, Origin.REPAIRED);
            } else if (task.threads().isEmpty()) {
                task.state(LinuxTask.State.EXITED);
            }
        } // else an exec of another thread has revived it meanwhile
    }

    private List<Found> find() throws IOException {
        List<Found> all = new ArrayList<>();
        for (int pid : proc.processes()) {
            long nanos = System.nanoTime();
            ProcStat process = proc.stat(pid);
            if (process == null) {
                continue;
            }
            all.add(new Found(process, pid, nanos));
            if (process.threads() > 1 && threads.areOn()) {
                findThreads(pid, all);
            }
        }
        all.sort(PARENTS_FIRST);
        return all;
    }

    private void findThreads(int pid, List<Found> all) {
        for (int tid : proc.threads(pid)) {
            long nanos = System.nanoTime();
            ProcStat thread = tid == pid ? null : proc.stat(pid, tid);
            if (thread != null && !thread.isDead()) {
                all.add(new Found(thread, pid, nanos));
            }
        }
    }

    private void compare(Found found) {
        ProcStat stat = found.stat;
        seen.set(stat.tid());
        LinuxTask task = tasks.task(stat.tid());
        if (task != null && !(task.pid() == found.pid && task.isStartedAt(stat))) {
            endings.end(task, System.nanoTime(), Origin.REPAIRED);
            task = null;
        }
        if (task == null) {
            task = births.found(System.nanoTime(), stat, found.pid);
            task.repaired = task.repaired.withShown(found.nanos);
        } else if (!task.isThread() && !stat.isDead()) {
            compareProgram(task, stat.stackStart(), found.nanos);
            compareIds(task);
        }
        if (stat.isDead()) {
            ended.add(task);
        }
    }

    private void compareProgram(LinuxTask task, long stackStart, long nanos) {
        if (stackStart == 0 || stackStart == task.stackStart) {
            return;
        }
        boolean isKnown = task.stackStart != 0;
        task.stack(stackStart, nanos);
        if (isKnown) {
            births.readProgram(task, _ -> task.stackStart != stackStart);
            task.repaired = task.repaired.withExec(nanos);
            reporter.tell(TaskEvent.EXEC, 0, task, nanos, Origin.REPAIRED);
        }
    }

    private void compareIds(LinuxTask task) {
        long nanos = System.nanoTime();
        if (!(proc.credentials(task.tid()) instanceof Detail.Known<Credentials>(var now))) {
            return;
        }
        Credentials before = IdChanges.of(task);
        if (now.equals(before)) {
            return;
        }
        task.repaired = task.repaired.withIds(nanos);
        record.begin(TaskRecord.Kind.UID_CHANGED, nanos, task.tid(), task.pid());
        KnownFacts.addIds(record, now);
        if (before == null || before.uid() != now.uid() || before.realUid() != now.realUid()) {
            ids.user(task, record, Origin.REPAIRED);
        }
        if (before == null || before.gid() != now.gid() || before.realGid() != now.realGid()) {
            ids.group(task, record, Origin.REPAIRED);
        }
    }

    private boolean isGone(LinuxTask task) {
        return isGone(task, proc.stat(task.pid(), task.tid()));
    }

    // What can't be read, as without a free file descriptor, is not gone for that reason.
    private boolean isGone(LinuxTask task, @Nullable ProcStat stat) {
        return stat == null ? !proc.exists(task.pid(), task.tid()) : !task.isStartedAt(stat);
    }
}
