// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.load.probe;

import org.osgi.service.component.annotations.Component;
import org.taskwatch.api.Task;
import org.taskwatch.api.TaskEvent;
import org.taskwatch.api.TaskNotification;
import org.taskwatch.api.TaskWatcher;
import org.taskwatch.api.Verdict;
import org.taskwatch.api.WatchTask;

import java.time.Instant;

/// Watches what forkstat watches, and counts the events of the load: those of the children and threads
/// of a process that is called so. It also is the command `load:figures`.
@Component(
        service = TaskWatcher.class,
        property = {"osgi.command.scope=load", "osgi.command.function=figures"})
@WatchTask({TaskEvent.CLONE, TaskEvent.EXEC, TaskEvent.EXIT})
public class Probe implements TaskWatcher {
    private static final String LOAD = "storm";

    /// Guarded by this.
    private Delays delays = new Delays();

    /// Made by Declarative Services.
    public Probe() {}

    @Override
    public Verdict notify(TaskNotification n) {
        Instant now = Instant.now();
        Task parent = n.task().parent();
        if (parent != null && LOAD.equals(parent.details().comm().orElse(""))) {
            long nanos = TaskNotification.epochNanos(now);
            synchronized (this) {
                delays.add(nanos - n.epochNanos());
            }
        }
        return Verdict.ALLOW;
    }

    /// Tells the figures since the last call: how many events; then how late they came, by the 50th,
    /// 99th and 99.9th percentile and at most, in nanoseconds.
    ///
    /// @return five numbers, with a space between
    public String figures() {
        Delays taken;
        synchronized (this) {
            taken = delays;
            delays = new Delays();
        }
        return "%d %d %d %d %d"
                .formatted(
                        taken.count(),
                        taken.percentile(0.5),
                        taken.percentile(0.99),
                        taken.percentile(0.999),
                        taken.max());
    }
}
