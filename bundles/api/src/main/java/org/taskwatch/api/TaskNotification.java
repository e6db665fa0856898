// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.api;

import java.time.Instant;

/// One event of one task, as it is told to the watchers. Immutable, safe for all threads.
///
/// @param event what happened
/// @param value its meaning depends on the event, see [TaskEvent]
/// @param task the task it happened to
/// @param details what was known of the task when it happened; the task itself may have gone on
/// @param epochNanos when it happened, in nanoseconds since 1970-01-01T00:00Z, see [#time]
/// @param sequence the number of the event in the stream of its source, from 1, without gaps;
///     0 if the origin is EXISTING
/// @param source the name of the source that reported it
/// @param origin how it came to be known
public record TaskNotification(
        TaskEvent event,
        long value,
        Task task,
        TaskDetails details,
        long epochNanos,
        long sequence,
        String source,
        Origin origin) {

    /// How an event came to be known.
    public enum Origin {
        /// The kernel reported it.
        OBSERVED,
        /// The task was there when the watcher joined; told to that watcher alone.
        EXISTING,
        /// It was found by comparing with `/proc`: it has happened, at that time or before.
        REPAIRED,
        /// A bundle raised it by [TaskNotifier#notify(TaskEvent, long, Task)].
        RAISED
    }

    private static final long NANOS_PER_SECOND = 1_000_000_000L;

    /// {@return a time as [#epochNanos] has it}
    ///
    /// @param time a time between the years 1678 and 2262
    public static long epochNanos(Instant time) {
        return time.getEpochSecond() * NANOS_PER_SECOND + time.getNano();
    }

    /// {@return when it happened; exact to the nanosecond if the kernel reported it}
    public Instant time() {
        return Instant.ofEpochSecond(
                Math.floorDiv(epochNanos, NANOS_PER_SECOND),
                Math.floorMod(epochNanos, NANOS_PER_SECOND));
    }
}
