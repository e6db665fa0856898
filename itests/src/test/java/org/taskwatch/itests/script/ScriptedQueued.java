// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.itests.script;

import org.osgi.service.component.annotations.Component;
import org.taskwatch.api.Delivery;
import org.taskwatch.api.TaskEvent;
import org.taskwatch.api.TaskWatcher;
import org.taskwatch.api.WatchTask;

/// Is called with the delivery QUEUED.
@Component(service = TaskWatcher.class)
@WatchTask(value = TaskEvent.INIT, delivery = Delivery.QUEUED)
public class ScriptedQueued extends Scripted {}
