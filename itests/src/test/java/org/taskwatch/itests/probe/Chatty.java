// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.itests.probe;

import org.osgi.service.component.annotations.Component;
import org.taskwatch.api.Capture;
import org.taskwatch.api.TaskEvent;
import org.taskwatch.api.TaskNotification;
import org.taskwatch.api.TaskWatcher;
import org.taskwatch.api.Verdict;
import org.taskwatch.api.WatchTask;

/// Logs what others execute, by a logger of its own name, as a user's watcher does.
@Component
@WatchTask(value = TaskEvent.EXEC, capture = Capture.CMDLINE)
public final class Chatty implements TaskWatcher {
    private static final System.Logger LOG = System.getLogger("example.Chatty");

    @Override
    public Verdict notify(TaskNotification notification) {
        String line = String.valueOf(notification.details().commandLine());
        LOG.log(System.Logger.Level.INFO, "executed " + line);
        return Verdict.ALLOW;
    }
}
