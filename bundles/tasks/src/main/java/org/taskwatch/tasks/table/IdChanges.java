// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.tasks.table;

import org.jspecify.annotations.Nullable;
import org.taskwatch.api.Credentials;
import org.taskwatch.api.Detail;
import org.taskwatch.api.TaskEvent;
import org.taskwatch.api.TaskNotification.Origin;
import org.taskwatch.source.Fact;
import org.taskwatch.source.TaskRecord;
import org.taskwatch.tasks.detail.RecordFacts;

/// Applies changes of user and group ids. For the pump thread only.
final class IdChanges {
    private final Reporter reporter;

    IdChanges(Reporter reporter) {
        this.reporter = reporter;
    }

    /// {@return the ids that a task has had so far, null if they can't be known}
    static @Nullable Credentials of(LinuxTask task) {
        return task.details().credentials().value().orElse(null);
    }

    /// A user id of a task has changed.
    void user(LinuxTask task, TaskRecord record, Origin origin) {
        Credentials old = of(task);
        if (old == null) {
            takeAll(task, record);
        } else {
            int uid = (int) record.get(Fact.EFFECTIVE_UID, old.uid());
            int realUid = (int) record.get(Fact.REAL_UID, old.realUid());
            replace(task, new Credentials(uid, old.gid(), realUid, old.realGid()));
        }
        long before = old == null ? -1 : Integer.toUnsignedLong(old.uid());
        reporter.tell(TaskEvent.UID, before, task, record.nanos(), origin);
    }

    /// A group id of a task has changed.
    void group(LinuxTask task, TaskRecord record, Origin origin) {
        Credentials old = of(task);
        if (old == null) {
            takeAll(task, record);
        } else {
            int gid = (int) record.get(Fact.EFFECTIVE_GID, old.gid());
            int realGid = (int) record.get(Fact.REAL_GID, old.realGid());
            replace(task, new Credentials(old.uid(), gid, old.realUid(), realGid));
        }
        long before = old == null ? -1 : Integer.toUnsignedLong(old.gid());
        reporter.tell(TaskEvent.GID, before, task, record.nanos(), origin);
    }

    private static void takeAll(LinuxTask task, TaskRecord record) {
        Credentials ids = RecordFacts.credentials(record);
        if (ids != null) {
            replace(task, ids);
        }
    }

    private static void replace(LinuxTask task, Credentials ids) {
        task.details(task.details().withCredentials(Detail.of(ids)));
    }
}
