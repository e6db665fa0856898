// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.itests.probe;

import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.taskwatch.api.Task;
import org.taskwatch.api.TaskEvent;
import org.taskwatch.api.TaskNotification;
import org.taskwatch.api.TaskWatcher;
import org.taskwatch.api.Verdict;
import org.taskwatch.api.WatchTask;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

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

    /// The tasks that once had the marker: what they execute then may be gone too soon to be read.
    private final Set<Task> known = ConcurrentHashMap.newKeySet();

    @Override
    public Verdict notify(TaskNotification n) {
        if (notebook.concerns(n)) {
            known.add(n.task());
        }
        if (n.event() == TaskEvent.FREE ? known.remove(n.task()) : known.contains(n.task())) {
            notebook.write(n.event() + " " + n.task().pid() + " " + n.value());
        }
        return Verdict.ALLOW;
    }

    @Deactivate
    void deactivate() {
        notebook.write("deactivated");
    }
}
