// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.itests.storm;

import org.osgi.service.component.annotations.Component;
import org.taskwatch.api.TaskEvent;
import org.taskwatch.api.TaskWatcher;
import org.taskwatch.api.WatchTask;

/// Is called by the thread of its lane.
@Component(service = TaskWatcher.class)
@WatchTask({TaskEvent.INIT, TaskEvent.CLONE, TaskEvent.UID, TaskEvent.EXIT})
public class SuspiciousQueued extends Suspicious {}
