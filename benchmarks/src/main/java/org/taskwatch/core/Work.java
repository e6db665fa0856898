// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.core;

import org.jspecify.annotations.Nullable;
import org.taskwatch.api.Credentials;
import org.taskwatch.api.Detail;
import org.taskwatch.api.Task;
import org.taskwatch.api.TaskDetails;
import org.taskwatch.api.TaskEvent;
import org.taskwatch.api.TaskNotification;

import java.time.Instant;
import java.util.List;
import java.util.OptionalInt;

/// The task that events happen to, with the counters that the watchers add to. Each notifying thread
/// has its own, so that what is measured with two threads is the way the events go, not watchers
/// that fight for a counter.
public final class Work implements Task, TaskDetails {
    /// Added to by [Watchers], one each.
    long a;

    long b;
    long c;
    long d;

    private Work() {}

    /// {@return a new event of a new task; no two tasks are equal, as in the table of tasks}
    public static TaskNotification event() {
        return event(TaskEvent.EXEC);
    }

    /// {@return a new event of that kind of a new task}
    static TaskNotification event(TaskEvent event) {
        Work task = new Work();
        return TaskNotification.of(
                event,
                0,
                task,
                task,
                TaskNotification.epochNanos(Instant.now()),
                1,
                "benchmark",
                TaskNotification.Origin.OBSERVED);
    }

    /// {@return how many calls were made for this task}
    long calls() {
        return a + b + c + d;
    }

    @Override
    public int tid() {
        return 1;
    }

    @Override
    public int pid() {
        return 1;
    }

    @Override
    public Instant start() {
        return Instant.EPOCH;
    }

    @Override
    public @Nullable Task parent() {
        return null;
    }

    @Override
    public TaskDetails details() {
        return this;
    }

    @Override
    public OptionalInt exitStatus() {
        return OptionalInt.empty();
    }

    @Override
    public boolean isFreed() {
        return false;
    }

    @Override
    public Detail<String> comm() {
        return Detail.unknown(Detail.Reason.NONE);
    }

    @Override
    public Detail<Credentials> credentials() {
        return Detail.unknown(Detail.Reason.NONE);
    }

    @Override
    public Detail<String> executable() {
        return Detail.unknown(Detail.Reason.NONE);
    }

    @Override
    public Detail<List<String>> commandLine() {
        return Detail.unknown(Detail.Reason.NONE);
    }
}
