// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.load.probe;

import org.osgi.service.component.annotations.Component;
import org.taskwatch.api.Delivery;
import org.taskwatch.api.TaskEvent;
import org.taskwatch.api.TaskNotification;
import org.taskwatch.api.TaskWatcher;
import org.taskwatch.api.Verdict;
import org.taskwatch.api.WatchTask;

/// Allows each fork it is asked for.
@Component
@WatchTask(value = TaskEvent.INIT, delivery = Delivery.SYNC)
public class Allowing implements TaskWatcher {
    /// Made by Declarative Services.
    public Allowing() {}

    @Override
    public Verdict notify(TaskNotification n) {
        return Verdict.ALLOW;
    }
}
