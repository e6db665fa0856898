// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.tasks.pump;

import org.taskwatch.api.TaskNotification;
import org.taskwatch.tasks.table.LinuxTask;
import org.taskwatch.tasks.table.LiveTasks;

import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;

/// Gives those who ask a snapshot of the table, between two events. For the pump thread only, except
/// that any thread may ask, by [LiveTasks#snapshot].
final class Snapshots {
    private static final System.Logger LOG = System.getLogger(Snapshots.class.getName());

    private final LiveTasks tasks;
    private final EventReporter reporter;

    Snapshots(LiveTasks tasks, EventReporter reporter) {
        this.tasks = tasks;
        this.reporter = reporter;
    }

    /// Gives one to all that have asked.
    ///
    /// @param catchUp makes the table hold what is wanted now, and reads what is queued. Who asks
    ///     has said before what he wants, so this must run after his request was found.
    void take(Runnable catchUp) {
        while (tasks.hasRequest()) {
            catchUp.run();
            Consumer<Supplier<List<TaskNotification>>> request = tasks.nextRequest();
            try {
                request.accept(this::existing);
            } catch (RuntimeException | LinkageError e) {
                LOG.log(
                        System.Logger.Level.ERROR,
                        "Who asked for something between two events has thrown",
                        e);
            }
        }
    }

    /// A task that a scan found before its CLONE was read counts as reported from here on: the
    /// receiver must not be told of it twice.
    private List<TaskNotification> existing() {
        List<LinuxTask> alive = tasks.oldestFirst();
        alive.removeIf(task -> !task.isAlive());
        alive.forEach(task -> task.isTold = true);
        return alive.stream().map(reporter::existing).toList();
    }
}
