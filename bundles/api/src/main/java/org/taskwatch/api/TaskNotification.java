// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.api;

import java.time.Instant;

/// One event of one task, as it is told to the watchers. Immutable, safe for all threads, equal only
/// to itself.
///
/// Made by [#of] alone, so that it can come to say more without a change for those who read it.
public final class TaskNotification {
    private final TaskEvent event;
    private final long value;
    private final Task task;
    private final TaskDetails details;
    private final long epochNanos;
    private final long sequence;
    private final String source;
    private final Origin origin;
    private final String cause;

    private TaskNotification(
            TaskEvent event,
            long value,
            Task task,
            TaskDetails details,
            long epochNanos,
            long sequence,
            String source,
            Origin origin,
            String cause) {
        this.event = event;
        this.value = value;
        this.task = task;
        this.details = details;
        this.epochNanos = epochNanos;
        this.sequence = sequence;
        this.source = source;
        this.origin = origin;
        this.cause = cause;
    }

    /// {@return a notification} For bundles that report events; a watcher is given them.
    ///
    /// @param event what happened
    /// @param value its meaning depends on the event, see [TaskEvent]
    /// @param task the task it happened to
    /// @param details what was known of the task when it happened
    /// @param epochNanos when it happened, as [#epochNanos()]
    /// @param sequence as [#sequence()]
    /// @param source the name of the source that reported it
    /// @param origin how it came to be known
    public static TaskNotification of(
            TaskEvent event,
            long value,
            Task task,
            TaskDetails details,
            long epochNanos,
            long sequence,
            String source,
            Origin origin) {
        return of(event, value, task, details, epochNanos, sequence, source, origin, "");
    }

    /// {@return a notification that says why} For bundles that report events.
    ///
    /// @param event what happened
    /// @param value its meaning depends on the event, see [TaskEvent]
    /// @param task the task it happened to
    /// @param details what was known of the task when it happened
    /// @param epochNanos when it happened, as [#epochNanos()]
    /// @param sequence as [#sequence()]
    /// @param source the name of the source that reported it
    /// @param origin how it came to be known
    /// @param cause as [#cause()]
    public static TaskNotification of(
            TaskEvent event,
            long value,
            Task task,
            TaskDetails details,
            long epochNanos,
            long sequence,
            String source,
            Origin origin,
            String cause) {
        return new TaskNotification(
                event, value, task, details, epochNanos, sequence, source, origin, cause);
    }

    /// How an event came to be known.
    public enum Origin {
        /// The kernel reported it.
        OBSERVED,
        /// The task was there when the watcher joined; told to that watcher alone.
        EXISTING,
        /// It was found by comparing with `/proc`: it has happened, at that time or before.
        REPAIRED,
        /// A bundle raised it by [org.taskwatch.api.spi.TaskNotifier#notify(TaskEvent, long, Task)].
        RAISED
    }

    private static final long NANOS_PER_SECOND = 1_000_000_000L;

    /// {@return what happened}
    public TaskEvent event() {
        return event;
    }

    /// {@return a number whose meaning depends on the event, see [TaskEvent]}
    public long value() {
        return value;
    }

    /// {@return the task it happened to}
    public Task task() {
        return task;
    }

    /// {@return what was known of the task when it happened; the task itself may have gone on}
    public TaskDetails details() {
        return details;
    }

    /// {@return when it happened, in nanoseconds since 1970-01-01T00:00Z, see [#time]}
    public long epochNanos() {
        return epochNanos;
    }

    /// {@return the number of the event in the stream of its source, from 1, without gaps; 0 if the
    /// origin is EXISTING}
    public long sequence() {
        return sequence;
    }

    /// {@return the name of the source that reported it}
    public String source() {
        return source;
    }

    /// {@return how it came to be known}
    public Origin origin() {
        return origin;
    }

    /// {@return why, of a FREE of a task that was never born: who has refused it with what reason, or that
    /// the fork failed or was interrupted; else empty} For a person to read. It can hold any text, as a
    /// watcher gives the reason.
    public String cause() {
        return cause;
    }

    /// {@return a time as [#epochNanos()] has it}
    ///
    /// @param time a time between the years 1678 and 2262
    public static long epochNanos(Instant time) {
        return time.getEpochSecond() * NANOS_PER_SECOND + time.getNano();
    }

    /// {@return when it happened; exact to the nanosecond if the kernel reported it}
    public Instant time() {
        return instant(epochNanos);
    }

    /// {@return a time that [#epochNanos(Instant)] gives}
    ///
    /// @param epochNanos nanoseconds since 1970-01-01T00:00Z
    public static Instant instant(long epochNanos) {
        return Instant.ofEpochSecond(
                Math.floorDiv(epochNanos, NANOS_PER_SECOND),
                Math.floorMod(epochNanos, NANOS_PER_SECOND));
    }

    @Override
    public String toString() {
        return event + " " + value + " of " + task + " at " + time() + ", " + origin;
    }
}
