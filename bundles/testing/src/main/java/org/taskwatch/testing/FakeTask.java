// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.testing;

import org.jspecify.annotations.Nullable;
import org.taskwatch.api.Detail.Reason;
import org.taskwatch.api.Gate;
import org.taskwatch.api.Task;
import org.taskwatch.api.TaskDetails;
import org.taskwatch.api.TaskEvent;
import org.taskwatch.api.TaskIdentity;
import org.taskwatch.api.TaskNotification;
import org.taskwatch.api.TaskNotification.Origin;

import java.time.Instant;
import java.util.OptionalInt;

/// A task of a test. Immutable; as in the table of tasks, one is equal only to itself.
///
/// @param tid its number
/// @param pid that of its process
/// @param parent its parent, null if it has none
/// @param start when it started
/// @param identity its identity; its start is not known unless one is given
/// @param details what is known of it
/// @param isFreed whether it is gone
/// @param gate in whose tree it is, null if in none
public record FakeTask(
        int tid,
        int pid,
        @Nullable Task parent,
        Instant start,
        TaskIdentity identity,
        TaskDetails details,
        boolean isFreed,
        @Nullable Gate gate)
        implements Task {
    /// When every task has started that is not given another start.
    public static final Instant START = Instant.parse("2026-01-02T03:04:05.000000006Z");

    /// When every event happens that is not given another time.
    public static final Instant EVENT = Instant.parse("2023-11-14T22:13:20.000000001Z");

    /// {@return a process that lives}
    ///
    /// @param pid its number
    /// @param parent its parent, null if it has none
    /// @param details what is known of it
    public static FakeTask process(int pid, @Nullable Task parent, TaskDetails details) {
        return new FakeTask(
                pid, pid, parent, START, TaskIdentity.ofUnknownStart(pid), details, false, null);
    }

    /// {@return a process of root that lives}
    ///
    /// @param pid its number
    /// @param parent its parent, null if it has none
    /// @param comm its name
    /// @param command its command line
    public static FakeTask process(int pid, @Nullable Task parent, String comm, String... command) {
        return process(pid, parent, FakeDetails.of(comm, command));
    }

    /// {@return a process that lives, of which nothing has been read}
    ///
    /// @param pid its number
    /// @param parent its parent, null if it has none
    public static FakeTask process(int pid, @Nullable Task parent) {
        return process(pid, parent, FakeDetails.unknown(Reason.NOT_READ));
    }

    /// {@return a thread of this process}
    ///
    /// @param tid its number
    public FakeTask thread(int tid) {
        return new FakeTask(
                tid, pid, this, start, TaskIdentity.ofUnknownStart(tid), details, false, gate);
    }

    /// {@return a task like this, with another start}
    ///
    /// @param other that start
    public FakeTask started(Instant other) {
        return new FakeTask(tid, pid, parent, other, identity, details, isFreed, gate);
    }

    /// {@return a task like this, with another identity}
    ///
    /// @param known that identity
    public FakeTask identified(TaskIdentity known) {
        return new FakeTask(tid, pid, parent, start, known, details, isFreed, gate);
    }

    /// {@return a task like this that is gone}
    public FakeTask freed() {
        return new FakeTask(tid, pid, parent, start, identity, details, true, gate);
    }

    /// {@return a task like this in the tree of a gate}
    ///
    /// @param its that gate
    public FakeTask gated(Gate its) {
        return new FakeTask(tid, pid, parent, start, identity, details, isFreed, its);
    }

    /// {@return a task that this one is about to fork, as at its INIT; it stays unborn}
    public FakeTask unborn() {
        return new FakeTask(
                0, 0, this, START, TaskIdentity.ofUnknownStart(0), details, false, gate);
    }

    /// {@return an event of this task}
    ///
    /// @param event which
    /// @param value its value
    /// @param sequence its number
    public TaskNotification event(TaskEvent event, long value, long sequence) {
        return event(event, value, EVENT, sequence, Origin.OBSERVED);
    }

    /// {@return an event of this task as somebody raises it by hand}
    ///
    /// @param event which
    /// @param value its value
    /// @param sequence its number
    public TaskNotification raised(TaskEvent event, long value, long sequence) {
        return event(event, value, EVENT, sequence, Origin.RAISED);
    }

    /// {@return an event of this task that happens now}
    ///
    /// @param event which
    /// @param value its value
    public TaskNotification now(TaskEvent event, long value) {
        return at(Instant.now(), event, value);
    }

    /// {@return an event of this task}
    ///
    /// @param time when it happens
    /// @param event which
    /// @param value its value
    public TaskNotification at(Instant time, TaskEvent event, long value) {
        return event(event, value, time, 1, Origin.OBSERVED);
    }

    private TaskNotification event(
            TaskEvent event, long value, Instant time, long sequence, Origin origin) {
        long nanos = TaskNotification.epochNanos(time);
        return TaskNotification.of(event, value, this, details, nanos, sequence, "fake", origin);
    }

    @Override
    public OptionalInt exitStatus() {
        return OptionalInt.empty();
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return this == other;
    }

    @Override
    public int hashCode() {
        return System.identityHashCode(this);
    }
}
