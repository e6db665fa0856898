// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.tasks.table;

import org.taskwatch.api.TaskNotification;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Consumer;

/// Tells the tasks that exist to those who join the stream, between two events. For the pump thread
/// only, but for those who ask, by way of [LiveTasks#join].
final class Joiners {
    private static final System.Logger LOG = System.getLogger(Joiners.class.getName());

    private final LiveTasks tasks;
    private final Stream stream;

    Joiners(LiveTasks tasks, Stream stream) {
        this.tasks = tasks;
        this.stream = stream;
    }

    /// Lets in all who have asked.
    ///
    /// @param catchUp makes the table hold what is wanted now, and reads what is queued. Whoever asks
    ///     to join has said before what it wants, so this must be done after it was found to have asked.
    void letIn(Runnable catchUp) {
        while (tasks.hasJoiner()) {
            catchUp.run();
            Consumer<List<TaskNotification>> joiner = tasks.nextJoiner();
            try {
                joiner.accept(existing());
            } catch (RuntimeException | LinkageError e) {
                LOG.log(System.Logger.Level.ERROR, "Who joined the stream has thrown", e);
            }
        }
    }

    /// A task that a scan has found before its CLONE was read counts as told from here on: the
    /// joiner must not be told it twice.
    private List<TaskNotification> existing() {
        List<LinuxTask> alive = new ArrayList<>();
        for (LinuxTask task : tasks.all()) {
            if (task.isAlive()) {
                task.isTold = true;
                alive.add(task);
            }
        }
        alive.sort(
                Comparator.comparingLong(LinuxTask::startNanos)
                        .thenComparing(LinuxTask::isThread)
                        .thenComparingInt(LinuxTask::tid));
        return alive.stream().map(stream::existing).toList();
    }
}
