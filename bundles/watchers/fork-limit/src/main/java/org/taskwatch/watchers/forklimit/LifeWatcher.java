// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.watchers.forklimit;

import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.taskwatch.api.TaskEvent;
import org.taskwatch.api.TaskNotification;
import org.taskwatch.api.TaskWatcher;
import org.taskwatch.api.Verdict;
import org.taskwatch.api.WatchTask;

/// Keeps the count of [ForkLimit] true: it is told first of the processes that are alive in gated trees, as
/// after an update of this bundle, and then of those that come and go. Called by the thread of its lane.
@Component
@WatchTask(
        value = {TaskEvent.CLONE, TaskEvent.EXIT, TaskEvent.FREE},
        existing = true,
        threads = false,
        filter = "(gate=*)")
public final class LifeWatcher implements TaskWatcher {
    private final Trees trees;

    /// Made by Declarative Services.
    ///
    /// @param limit has the count; this watcher comes and goes with it
    @Activate
    public LifeWatcher(@Reference ForkLimit limit) {
        trees = limit.trees();
    }

    @Override
    public Verdict notify(TaskNotification n) {
        if (n.event() == TaskEvent.CLONE) {
            trees.born(n.task());
        } else {
            trees.ended(n.task());
        }
        return Verdict.ALLOW;
    }
}
