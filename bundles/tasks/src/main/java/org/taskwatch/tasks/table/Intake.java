// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.tasks.table;

import org.jspecify.annotations.Nullable;
import org.taskwatch.tasks.TaskRecorder;

import java.util.function.IntPredicate;

/// What a source is given to record into: the recorder, behind a limit of time and a guard. For the
/// pump thread only.
///
/// **Limit.** When a better source takes over, both observe for a while, and what they see twice
/// must be reported once. Each reports its own part: the old one what happened until the new one
/// was open, the new one what has happened since. Both use the kernel's clock. They may date one
/// event some microseconds apart, and so may report it twice or not at all if it falls on the very
/// limit: the repair that follows finds what that has done to the table.
///
/// **Guard.** A record that can't be applied is no fault of the source, and the next one is no
/// worse for it: it is counted, and reading goes on.
final class Intake implements TaskRecorder {
    private final Recorder recorder;
    private long fromNanos = Long.MIN_VALUE; // exclusive
    private long untilNanos = Long.MAX_VALUE; // inclusive
    private long failures;
    private @Nullable Throwable lastFailure;

    Intake(Recorder recorder) {
        this.recorder = recorder;
    }

    /// From now on takes only what happened until a time.
    void takeUntil(long nanos) {
        untilNanos = nanos;
    }

    /// From now on takes only what happened after a time.
    void takeAfter(long nanos) {
        fromNanos = nanos;
        untilNanos = Long.MAX_VALUE;
    }

    /// {@return how many records could not be applied so far}
    long failures() {
        return failures;
    }

    /// {@return why the last of them could not be applied}
    @Nullable Throwable lastFailure() {
        return lastFailure;
    }

    private void take(long nanos, Runnable record) {
        if (nanos > fromNanos && nanos <= untilNanos) {
            apply(record);
        }
    }

    private void apply(Runnable record) {
        try {
            record.run();
        } catch (RuntimeException | LinkageError e) {
            failures++;
            lastFailure = e;
        }
    }

    @Override
    public void cloned(long nanos, int tid, int pid, int parentTid, int parentPid, long flags) {
        take(nanos, () -> recorder.cloned(nanos, tid, pid, parentTid, parentPid, flags));
    }

    @Override
    public void executed(long nanos, int tid, int pid, IntPredicate hasExecutedAgain) {
        take(nanos, () -> recorder.executed(nanos, tid, pid, hasExecutedAgain));
    }

    @Override
    public void userChanged(long nanos, int tid, int pid, int realUid, int uid) {
        take(nanos, () -> recorder.userChanged(nanos, tid, pid, realUid, uid));
    }

    @Override
    public void groupChanged(long nanos, int tid, int pid, int realGid, int gid) {
        take(nanos, () -> recorder.groupChanged(nanos, tid, pid, realGid, gid));
    }

    @Override
    public void renamed(long nanos, int tid, int pid, String comm) {
        take(nanos, () -> recorder.renamed(nanos, tid, pid, comm));
    }

    @Override
    public void exited(long nanos, int tid, int pid, int status) {
        take(nanos, () -> recorder.exited(nanos, tid, pid, status));
    }

    /// Has no limit: a source reports only the ends of processes whose exit it has seen, at a time
    /// of its own.
    @Override
    public void freed(long nanos, int pid) {
        apply(() -> recorder.freed(nanos, pid));
    }

    @Override
    public void lost(long count, String cause, long sinceNanos) {
        apply(() -> recorder.lost(count, cause, sinceNanos));
    }

    @Override
    public boolean isHurried() {
        return recorder.isHurried();
    }
}
