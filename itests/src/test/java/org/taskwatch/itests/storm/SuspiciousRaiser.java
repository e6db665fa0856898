// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.itests.storm;

import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.taskwatch.api.Delivery;
import org.taskwatch.api.TaskEvent;
import org.taskwatch.api.TaskNotification;
import org.taskwatch.api.TaskWatcher;
import org.taskwatch.api.WatchTask;
import org.taskwatch.api.spi.TaskNotifier;

/// Raises an event in each call, so that other watchers are called from inside it.
@Component(service = TaskWatcher.class)
@WatchTask(value = TaskEvent.INIT, delivery = Delivery.SYNC)
public class SuspiciousRaiser extends Suspicious {
    private final TaskNotifier notifier;

    /// Made by Declarative Services.
    ///
    /// @param notifier where it raises events
    @Activate
    public SuspiciousRaiser(@Reference TaskNotifier notifier) {
        this.notifier = notifier;
    }

    @Override
    void act(Object told) {
        if (told instanceof TaskNotification notification) {
            notifier.notify(TaskEvent.GID, notification.value(), notification.task());
        }
    }
}
