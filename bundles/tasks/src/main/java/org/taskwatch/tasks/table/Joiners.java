// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.tasks.table;

import org.taskwatch.api.TaskNotification;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Consumer;

/// Tells joiners of the stream, between two events, which tasks exist. For the pump thread only,
/// except that any thread may ask to join, by [LiveTasks#join].
final class Joiners {
    private static final System.Logger LOG = System.getLogger(Joiners.class.getName());

    private final LiveTasks tasks;
    private final Stream stream;

    Joiners(LiveTasks tasks, Stream stream) {
        this.tasks = tasks;
        this.stream = stream;
    }

    /// Lets in all that have asked.
    ///
    /// @param catchUp makes the table hold what is wanted now, and reads what is queued. A
    ///     joiner has said what it wants before it asks to join, so this must run after its
    ///     request was found.
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

    /// A task that a scan found before its CLONE was read counts as reported from here on: the
    /// joiner must not be told of it twice.
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
