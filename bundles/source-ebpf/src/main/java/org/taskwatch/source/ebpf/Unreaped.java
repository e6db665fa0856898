// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.source.ebpf;

import org.taskwatch.linux.LinuxException;
import org.taskwatch.linux.PidFd;
import org.taskwatch.source.TaskRecord;
import org.taskwatch.source.TaskRecord.Kind;
import org.taskwatch.source.TaskSink;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/// The processes that have ended and were not told as free yet. For the pump thread only.
///
/// The kernel passes `sched_process_free` when a grace period of RCU is over. Mostly that takes some 20 ms, but
/// for a few tasks in a row it was seen to take 20 s, nobody knows why. So those that have waited for
/// 100 ms are looked for: a process without a pid was reaped. If the kernel has not told it 100 ms after that was seen, it
/// is recorded as told; 1 s after that while usage is wanted, all of which the kernel alone can tell. All that the process has told
/// is recorded by then, as it was in the ring before that. If another process has the pid, the table has learned that
/// from its CLONE.
///
/// While nothing is found, it looks at longer and longer intervals: a zombie may stay for ever. Of many it
/// looks for some in turn.
final class Unreaped {
    /// As many as cost about a millisecond.
    static final int LOOKS = 512;

    /// A start that is not known.
    static final long UNKNOWN = -1;

    private static final long LEAST_NANOS = TimeUnit.MILLISECONDS.toNanos(100);
    private static final long MOST_NANOS = TimeUnit.MILLISECONDS.toNanos(3200);

    private static final long USAGE_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final TaskRecord record = new TaskRecord();

    /// By pid: the one that was looked for longest ago first.
    private final Map<Integer, Ended> ended = new LinkedHashMap<>();

    private long interval = LEAST_NANOS;
    private long sweepNanos; // the last one
    private long patience = LEAST_NANOS;

    /// A process that has ended.
    private static final class Ended {
        private final long nanos;
        private final long start; // UNKNOWN if its last thread was not its first
        private boolean isGone;
        private long goneNanos; // when that was seen

        Ended(long nanos, long start) {
            this.nanos = nanos;
            this.start = start;
        }
    }

    /// Says whether the usage of processes is wanted.
    void demand(boolean isUsageWanted) {
        patience = isUsageWanted ? USAGE_NANOS : LEAST_NANOS;
    }

    /// The end of a process was recorded.
    ///
    /// @param start when it was started, [#UNKNOWN] if that is not known
    void ended(int pid, long nanos, long start) {
        ended.put(pid, new Ended(nanos, start));
        interval = LEAST_NANOS;
    }

    /// The pid has another owner: the table knows.
    void gone(int pid) {
        ended.remove(pid);
    }

    /// A process was reaped: the table knows. It may come so late that its pid has another owner, which has ended too.
    ///
    /// @param start when it was started
    void reaped(int pid, long start) {
        Ended known = ended.get(pid);
        if (known != null && (known.start == UNKNOWN || known.start == start)) {
            ended.remove(pid);
        }
    }

    /// {@return in how many nanoseconds there may be something to look for, 0 or less if there may be now;
    /// the highest number if nothing is waited for}
    ///
    /// @param now the time, by [System#nanoTime]
    long untilSweep(long now) {
        return ended.isEmpty() ? Long.MAX_VALUE : sweepNanos + interval - now;
    }

    /// Looks for those that have waited for long, and records those that were reaped.
    ///
    /// @param now the time, by [System#nanoTime]
    /// @throws LinuxException if there is no file descriptor left to look with
    void sweep(TaskSink sink, long now) throws LinuxException {
        List<Integer> waiting = new ArrayList<>();
        List<Integer> reaped = new ArrayList<>();
        boolean isSomeGone = false;
        for (Map.Entry<Integer, Ended> process : ended.entrySet()) {
            if (waiting.size() + reaped.size() == LOOKS) {
                break;
            }
            Ended known = process.getValue();
            if (now - known.nanos >= LEAST_NANOS) {
                look(process.getKey(), known, now);
                isSomeGone |= known.isGone;
                (known.isGone && now - known.goneNanos >= patience ? reaped : waiting)
                        .add(process.getKey());
            }
        }
        for (int pid : reaped) {
            ended.remove(pid);
            sink.accept(record.begin(Kind.FREED, now, pid, pid));
        }
        for (int pid : waiting) { // behind those that were not looked for
            ended.put(pid, ended.remove(pid));
        }
        interval = isSomeGone ? LEAST_NANOS : Math.min(2 * interval, MOST_NANOS);
        sweepNanos = now;
    }

    private static void look(int pid, Ended known, long now) throws LinuxException {
        if (!known.isGone && !isThere(pid)) {
            known.isGone = true;
            known.goneNanos = now;
        }
    }

    private static boolean isThere(int pid) throws LinuxException {
        try (PidFd process = PidFd.open(pid)) {
            return process != null;
        }
    }
}
