// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.itests.probe;

import org.osgi.service.component.annotations.Component;
import org.taskwatch.api.Loss;
import org.taskwatch.api.Task;
import org.taskwatch.api.TaskEvent;
import org.taskwatch.api.TaskNotification;
import org.taskwatch.api.TaskWatcher;
import org.taskwatch.api.Verdict;
import org.taskwatch.api.WatchTask;

/// Writes down the life of each child of one process, whose pid is the name of the revision, and each loss.
@Component
@WatchTask(
        value = {TaskEvent.CLONE, TaskEvent.EXEC, TaskEvent.EXIT, TaskEvent.FREE},
        threads = false)
public class MarkWatcher implements TaskWatcher {
    private final Notebook notebook = Notebook.ofThisBundle();
    private final int forker = Integer.parseInt(notebook.revision());

    @Override
    public Verdict notify(TaskNotification n) {
        Task parent = n.task().parent();
        if (parent != null && parent.pid() == forker) {
            String value = n.event() == TaskEvent.EXIT ? " " + n.value() : "";
            notebook.write(n.task().pid() + " " + n.event() + value);
        }
        return Verdict.ALLOW;
    }

    @Override
    public void lost(Loss loss) {
        notebook.write("LOST " + loss.count());
    }
}
