// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.kmonitor;

import org.jspecify.annotations.Nullable;
import org.taskwatch.api.Credentials;
import org.taskwatch.api.Detail;
import org.taskwatch.api.Task;
import org.taskwatch.api.TaskDetails;
import org.taskwatch.api.TaskEvent;
import org.taskwatch.api.TaskNotification;
import org.taskwatch.api.TaskNotification.Origin;

import java.time.Instant;
import java.util.OptionalInt;

/// A task of user 1000 with the events that it may have.
record FakeTask(int tid, int pid, @Nullable Task parent, Instant start) implements Task {
    static final int UID = 1000;

    static FakeTask process(int pid, @Nullable Task parent) {
        return new FakeTask(pid, pid, parent, Instant.now());
    }

    static FakeTask thread(int tid, Task process) {
        return new FakeTask(tid, process.pid(), process, Instant.now());
    }

    @Override
    public TaskDetails details() {
        return new FakeDetails(Detail.of(new Credentials(0, 0, UID, UID)));
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
    public boolean equals(@Nullable Object other) {
        return this == other;
    }

    @Override
    public int hashCode() {
        return System.identityHashCode(this);
    }

    /// {@return an event of this task that happens now}
    TaskNotification event(TaskEvent event, long value) {
        return event(event, value, Instant.now(), details());
    }

    TaskNotification event(TaskEvent event, long value, Instant time, TaskDetails details) {
        long nanos = TaskNotification.epochNanos(time);
        return TaskNotification.of(event, value, this, details, nanos, 1, "fake", Origin.OBSERVED);
    }

    /// The ids alone.
    record FakeDetails(Detail<Credentials> credentials) implements TaskDetails {
        @Override
        public Detail<String> comm() {
            return Detail.unknown(Detail.Reason.NOT_READ);
        }
    }
}
