// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.itests.probe;

import org.osgi.service.component.annotations.Component;
import org.taskwatch.api.TaskEvent;
import org.taskwatch.api.TaskNotification;
import org.taskwatch.api.TaskNotification.Origin;
import org.taskwatch.api.TaskWatcher;
import org.taskwatch.api.Verdict;
import org.taskwatch.api.WatchTask;

/// Writes down the numbers of the events that the test raises.
@Component
@WatchTask(TaskEvent.GID)
public class Numbers implements TaskWatcher {
    private final Notebook notebook = Notebook.ofThisBundle();

    @Override
    public Verdict notify(TaskNotification n) {
        if (n.origin() == Origin.RAISED) {
            notebook.write(Long.toString(n.value()));
        }
        return Verdict.ALLOW;
    }
}
