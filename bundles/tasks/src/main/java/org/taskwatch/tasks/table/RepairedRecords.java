// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.tasks.table;

import org.taskwatch.api.TaskEvent;
import org.taskwatch.api.TaskNotification.Origin;
import org.taskwatch.source.Fact;
import org.taskwatch.source.TaskRecord;

/// Applies records of what another table has found out by comparing itself with `/proc`: what they say is
/// true as it stands, and is reported as it was there. For the pump thread only.
final class RepairedRecords {
    private final LiveTasks tasks;
    private final Births births;
    private final Endings endings;
    private final IdChanges ids;
    private final Reporter reporter;

    RepairedRecords(
            LiveTasks tasks, Births births, Endings endings, IdChanges ids, Reporter reporter) {
        this.tasks = tasks;
        this.births = births;
        this.endings = endings;
        this.ids = ids;
        this.reporter = reporter;
    }

    void apply(TaskRecord record) {
        if (record.kind() == TaskRecord.Kind.CLONED) {
            born(record);
            return;
        }
        LinuxTask task = tasks.task(record.tid());
        if (task == null || task.pid() != record.pid()) {
            return; // a recording that has begun later
        }
        switch (record.kind()) {
            case EXECUTED -> executed(task, record);
            case UID_CHANGED -> {
                births.facts(task, record);
                ids.user(task, record, Origin.REPAIRED);
                task.repaired = task.repaired.withIds(record.nanos());
            }
            case GID_CHANGED -> {
                births.facts(task, record);
                ids.group(task, record, Origin.REPAIRED);
                task.repaired = task.repaired.withIds(record.nanos());
            }
            case EXITED -> exited(task, record);
            case FREED -> endings.end(task, record.nanos(), Origin.REPAIRED);
            case FOUND, CLONED, RENAMED -> {} // told in another way, or above
        }
    }

    private void born(TaskRecord record) {
        LinuxTask task = births.adopt(record);
        if (task != null) {
            task.isTold = true;
            task.repaired = task.repaired.withShown(record.nanos());
            tell(TaskEvent.CLONE, -1, task, record);
        }
    }

    private void executed(LinuxTask task, TaskRecord record) {
        births.program(task, record, _ -> false);
        task.repaired = task.repaired.withExec(record.nanos());
        tell(TaskEvent.EXEC, 0, task, record);
    }

    private void exited(LinuxTask task, TaskRecord record) {
        births.usage(task, record);
        task.merge((int) record.get(Fact.STATUS, LinuxTask.UNKNOWN));
        task.isLeaderGone = !task.isThread();
        if (task.isAlive()) {
            endings.exit(task, record.nanos(), Origin.REPAIRED);
        }
    }

    private void tell(TaskEvent event, long value, LinuxTask task, TaskRecord record) {
        reporter.tell(event, value, task, record.nanos(), Origin.REPAIRED);
    }
}
