// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.itests.storm;

import org.osgi.service.component.annotations.Component;
import org.taskwatch.api.Delivery;
import org.taskwatch.api.TaskEvent;
import org.taskwatch.api.TaskWatcher;
import org.taskwatch.api.WatchTask;

/// Is called by the notifying threads.
@Component(service = TaskWatcher.class)
@WatchTask(
        value = {TaskEvent.INIT, TaskEvent.CLONE, TaskEvent.GID, TaskEvent.EXIT},
        delivery = Delivery.SYNC)
public class SuspiciousSync extends Suspicious {}
