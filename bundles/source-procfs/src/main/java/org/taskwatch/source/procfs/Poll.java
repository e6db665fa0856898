// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.source.procfs;

import org.jspecify.annotations.Nullable;
import org.taskwatch.api.Credentials;
import org.taskwatch.api.TaskIdentity;
import org.taskwatch.linux.proc.ProcStat;
import org.taskwatch.source.Fact;
import org.taskwatch.source.TaskRecord;
import org.taskwatch.source.TaskRecord.Kind;
import org.taskwatch.source.TaskSink;
import org.taskwatch.tasks.procfs.ProcFs;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Compares `/proc` with how it was at the last look. For the pump thread only.
///
/// **EXEC** is found by the bottom of the stack, field 28 of `stat`: an exec makes a new address
/// space and the kernel places its stack at random, while a fork copies it. So it also shows
/// whether a process that is seen for the first time has executed a program since its fork: it
/// differs from the parent's. Of other users' processes only root sees it; for anybody else a
/// changed name has to do. Either comes with the one read that is needed anyway.
///
/// Ids are read of processes, not of single threads.
final class Poll {
    private static final Comparator<Seen> BY_START =
            Comparator.<Seen>comparingLong(seen -> seen.stat.startNanos())
                    .thenComparingInt(seen -> seen.stat.tid());

    /// Threads first: a process ends after them.
    private static final Comparator<Seen> THREADS_FIRST =
            Comparator.<Seen, Boolean>comparing(seen -> !seen.isThread())
                    .thenComparingInt(seen -> seen.stat.tid());

    private final ProcFs proc;
    private Map<Integer, Seen> last;
    private final TaskRecord record = new TaskRecord();
    private boolean areThreadsWanted = true;
    private @Nullable Seen executing; // the last that was recorded to have executed

    /// A task as it was when it was seen.
    ///
    /// @param stat what `stat` says of it
    /// @param pid its pid
    /// @param ids its ids, null if they can't be read
    /// @param hasExited whether it has exited; if its threads are not looked at, all of them too
    private record Seen(ProcStat stat, int pid, @Nullable Credentials ids, boolean hasExited) {
        boolean isThread() {
            return stat.tid() != pid;
        }

        boolean isSame(@Nullable Seen other) {
            return other != null
                    && other.pid == pid
                    && other.stat.startNanos() == stat.startNanos();
        }

        boolean hasOtherProgram(Seen before) {
            return !isThread() && isOtherProgram(before.stat, stat);
        }
    }

    private static boolean isOtherProgram(ProcStat before, ProcStat now) {
        if (now.isKernelThread() || now.isDead() || before.isDead()) {
            return false;
        }
        return now.stackStart() != 0 && before.stackStart() != 0
                ? now.stackStart() != before.stackStart()
                : !now.hasNameOf(before);
    }

    /// Looks for the first time: what is there already is no event.
    Poll(ProcFs proc) throws IOException {
        this.proc = proc;
        last = look();
    }

    /// Looks at threads from now on, or no longer. Those that are there already are no event.
    void threads(boolean areWanted) throws IOException {
        if (areWanted == areThreadsWanted) {
            return;
        }
        areThreadsWanted = areWanted;
        if (areWanted) {
            for (Map.Entry<Integer, Seen> now : look().entrySet()) {
                if (now.getValue().isThread()) {
                    last.putIfAbsent(now.getKey(), now.getValue());
                }
            }
        } else {
            last.values().removeIf(Seen::isThread);
        }
    }

    /// Looks again, and records what is different.
    void run(TaskSink sink) throws IOException {
        Map<Integer, Seen> now = look();
        long nanos = System.nanoTime();
        long bootOffset = proc.bootOffsetNanos();
        List<Seen> gone = new ArrayList<>();
        last.forEach((tid, seen) -> {
            if (!seen.isSame(now.get(tid))) {
                gone.add(seen);
            }
        });
        gone.sort(THREADS_FIRST);
        gone.forEach(seen -> end(seen, nanos, sink));
        List<Seen> present = new ArrayList<>(now.values());
        present.sort(BY_START);
        for (Seen seen : present) {
            Seen before = last.get(seen.stat.tid());
            if (before != null && seen.isSame(before)) {
                compare(before, seen, nanos, sink);
            } else {
                begin(seen, now, nanos, bootOffset, sink);
            }
        }
        last = now;
    }

    private void end(Seen seen, long nanos, TaskSink sink) {
        if (!seen.hasExited) {
            sink.accept(record.begin(Kind.EXITED, nanos, seen.stat.tid(), seen.pid));
        }
        if (!seen.isThread()) {
            sink.accept(record.begin(Kind.FREED, nanos, seen.pid, seen.pid));
        }
    }

    private void begin(
            Seen seen, Map<Integer, Seen> all, long nanos, long bootOffset, TaskSink sink) {
        int tid = seen.stat.tid();
        int parent = seen.stat.parentPid();
        record.begin(Kind.CLONED, seen.stat.startNanos() - bootOffset, tid, seen.pid);
        record.set(Fact.START_TICKS, seen.stat.startNanos() / TaskIdentity.TICK_NANOS);
        if (parent != 0) {
            record.set(Fact.PARENT_TID, parent).set(Fact.PARENT_PID, parent);
        }
        sink.accept(record);
        Seen forker = all.get(parent);
        if (forker != null && seen.hasOtherProgram(forker)) {
            executed(seen, nanos, sink);
        }
        if (seen.hasExited) {
            sink.accept(record.begin(Kind.EXITED, nanos, tid, seen.pid));
        }
    }

    private void executed(Seen seen, long nanos, TaskSink sink) {
        int pid = seen.pid;
        executing = seen;
        sink.accept(record.begin(Kind.EXECUTED, nanos, pid, pid));
    }

    /// {@return whether a process whose EXECUTED is just being taken has executed again since}
    boolean hasExecutedAgain(int pid) {
        Seen seen = executing;
        ProcStat now = seen != null && seen.pid == pid ? proc.stat(pid) : null;
        return seen != null && now != null && isOtherProgram(seen.stat, now);
    }

    private void compare(Seen before, Seen seen, long nanos, TaskSink sink) {
        int tid = seen.stat.tid();
        if (seen.hasOtherProgram(before)) {
            executed(seen, nanos, sink);
        }
        Credentials old = before.ids;
        Credentials ids = seen.ids;
        if (old != null && ids != null && !ids.equals(old)) {
            if (old.uid() != ids.uid() || old.realUid() != ids.realUid()) {
                sink.accept(
                        record.begin(Kind.UID_CHANGED, nanos, tid, seen.pid)
                                .set(Fact.REAL_UID, Integer.toUnsignedLong(ids.realUid()))
                                .set(Fact.EFFECTIVE_UID, Integer.toUnsignedLong(ids.uid())));
            }
            if (old.gid() != ids.gid() || old.realGid() != ids.realGid()) {
                sink.accept(
                        record.begin(Kind.GID_CHANGED, nanos, tid, seen.pid)
                                .set(Fact.REAL_GID, Integer.toUnsignedLong(ids.realGid()))
                                .set(Fact.EFFECTIVE_GID, Integer.toUnsignedLong(ids.gid())));
            }
        }
        if (seen.hasExited && !before.hasExited) {
            sink.accept(record.begin(Kind.EXITED, nanos, tid, seen.pid));
        }
    }

    private Map<Integer, Seen> look() throws IOException {
        Map<Integer, Seen> all = new HashMap<>();
        for (int pid : proc.processes()) {
            ProcStat process = proc.stat(pid);
            if (process == null) {
                continue;
            }
            Credentials ids = proc.credentials(pid).value().orElse(null);
            boolean hasOthers = process.threads() > 1;
            boolean hasExited = process.isDead() && (areThreadsWanted || !hasOthers);
            all.put(pid, new Seen(process, pid, ids, hasExited));
            if (hasOthers && areThreadsWanted) {
                lookAtThreads(pid, all);
            }
        }
        return all;
    }

    private void lookAtThreads(int pid, Map<Integer, Seen> all) {
        for (int tid : proc.threads(pid)) {
            ProcStat thread = tid == pid ? null : proc.stat(pid, tid);
            if (thread != null && !thread.isDead()) {
                all.put(tid, new Seen(thread, pid, null, false));
            }
        }
    }
}
