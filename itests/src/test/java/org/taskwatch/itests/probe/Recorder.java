// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.itests.probe;

import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.taskwatch.api.TaskEvent;
import org.taskwatch.api.TaskNotification;
import org.taskwatch.api.TaskWatcher;
import org.taskwatch.api.Verdict;
import org.taskwatch.api.WatchTask;

/// Writes down every event, and its own end.
@Component
@WatchTask({
    TaskEvent.CLONE,
    TaskEvent.EXEC,
    TaskEvent.UID,
    TaskEvent.GID,
    TaskEvent.EXIT,
    TaskEvent.FREE
})
public class Recorder implements TaskWatcher {
    private final Notebook notebook = Notebook.ofThisBundle();

    @Override
    public Verdict notify(TaskNotification n) {
        if (notebook.concerns(n)) {
            notebook.write(n.event() + " " + n.task().pid() + " " + n.value());
        }
        return Verdict.ALLOW;
    }

    @Deactivate
    void deactivate() {
        notebook.write("deactivated");
    }
}
