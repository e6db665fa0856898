// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.watchers.audit;

import org.jspecify.annotations.Nullable;
import org.taskwatch.api.Credentials;
import org.taskwatch.api.Detail;
import org.taskwatch.api.Detail.Reason;
import org.taskwatch.api.TaskDetails;
import org.taskwatch.api.TaskEvent;
import org.taskwatch.api.TaskNotification;
import org.taskwatch.api.TaskNotification.Origin;
import org.taskwatch.testing.FakeTask;

import java.util.List;

/// What is known of a task that the trail tells of.
record AuditTask(
        Detail<String> comm,
        Detail<Credentials> credentials,
        Detail<String> executable,
        Detail<List<String>> commandLine,
        Detail<String> workingDirectory,
        Detail<Integer> loginUid)
        implements TaskDetails {
    static final FakeTask PARENT = FakeTask.process(10, null);

    /// {@return one of which everything is known}
    static AuditTask of(String comm, String exe, String folder, String... command) {
        return new AuditTask(
                Detail.of(comm),
                Detail.of(new Credentials(0, 0, 1000, 1001)),
                Detail.of(exe),
                Detail.of(List.of(command)),
                Detail.of(folder),
                Detail.of(1000));
    }

    /// {@return one of which nothing is known}
    static AuditTask unknown() {
        Detail<String> text = Detail.unknown(Reason.GONE);
        Reason gone = Reason.GONE;
        return new AuditTask(
                text, Detail.unknown(gone), text, Detail.unknown(gone), text, Detail.unknown(gone));
    }

    /// {@return an event of it, as process 11}
    TaskNotification event(TaskEvent event, long value) {
        return FakeTask.process(11, PARENT, this).event(event, value, 1);
    }

    /// {@return the end of a fork of process 11 of which nothing came}
    TaskNotification refused(int errno, String cause) {
        FakeTask forker = FakeTask.process(11, PARENT, this);
        return of(TaskEvent.FREE, errno, forker.unborn(), Origin.OBSERVED, cause);
    }

    private TaskNotification of(
            TaskEvent event, long value, FakeTask task, Origin origin, String cause) {
        long nanos = TaskNotification.epochNanos(FakeTask.EVENT);
        return TaskNotification.of(event, value, task, this, nanos, 1, "fake", origin, cause);
    }

    /// {@return an event that was found later}
    TaskNotification repaired(TaskEvent event, long value, @Nullable FakeTask parent) {
        return of(event, value, FakeTask.process(11, parent, this), Origin.REPAIRED, "");
    }
}
