// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.tasks.pump;

import org.jspecify.annotations.Nullable;
import org.taskwatch.source.TaskRecord;
import org.taskwatch.source.TaskSink;
import org.taskwatch.tasks.table.Recordings;

/// What a source is given to record into: the table, behind a limit of time and a guard. For the
/// pump thread only.
///
/// **Limit.** When a better source takes over, both observe for a while, and what they see twice
/// must be reported once. Each reports its own part: the old one what happened until the new one
/// was open, the new one what has happened since. Both use the kernel's clock. They may date one
/// event some microseconds apart, and so may report it twice or not at all if it falls on the very
/// limit: the repair that follows finds what that has done to the table.
///
/// A FREED has no limit: a source reports only the reaping of processes whose exit it has seen, at a
/// time of its own.
///
/// **Guard.** A record that can't be applied is no fault of the source, and the next one is no
/// worse for it: it is counted, and reading goes on.
final class GuardedSink implements TaskSink {
    private final TaskSink table;
    private final Recordings recordings;
    private long fromNanos = Long.MIN_VALUE; // exclusive
    private long untilNanos = Long.MAX_VALUE; // inclusive
    private long failures;
    private @Nullable Throwable lastFailure;

    GuardedSink(TaskSink table, Recordings recordings) {
        this.table = table;
        this.recordings = recordings;
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

    /// From now on takes everything.
    void takeAll() {
        fromNanos = Long.MIN_VALUE;
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

    @Override
    public void accept(TaskRecord record) {
        long nanos = record.nanos();
        if (nanos > fromNanos && nanos <= untilNanos || record.kind() == TaskRecord.Kind.FREED) {
            try {
                table.accept(record);
                recordings.applied(record);
            } catch (RuntimeException | LinkageError e) {
                failed(e);
            }
        }
    }

    @Override
    public void lost(long count, String cause, long sinceNanos) {
        try {
            table.lost(count, cause, sinceNanos);
        } catch (RuntimeException | LinkageError e) {
            failed(e);
        }
    }

    private void failed(Throwable e) {
        failures++;
        lastFailure = e;
    }
}
