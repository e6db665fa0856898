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

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// Attaches a number to each unborn task, and writes down where it meets it again: `INIT number`, `CLONE
/// number tid`, `FREE number value cause`. The number is released at the FREE; what is left when the bundle
/// stops is written as `left count`.
@Component
@WatchTask(
        value = {TaskEvent.INIT, TaskEvent.CLONE, TaskEvent.FREE},
        filter = "(gate=*)",
        threads = false)
public class Attaching implements TaskWatcher {
    private final Notebook notebook = Notebook.ofThisBundle();
    private final Map<Task, Long> attached = new ConcurrentHashMap<>();
    private long last; // of the thread of the lane

    @Override
    public Verdict notify(TaskNotification n) {
        switch (n.event()) {
            case INIT -> {
                attached.put(n.task(), ++last);
                notebook.write("INIT " + last + " of " + forker(n.task()));
            }
            case CLONE -> notebook.write("CLONE " + attached.get(n.task()) + " " + n.task().tid());
            default ->
                    notebook.write(
                            "FREE %s %d %s"
                                    .formatted(attached.remove(n.task()), n.value(), n.cause()));
        }
        return Verdict.ALLOW;
    }

    private static String forker(Task unborn) {
        Task parent = unborn.parent();
        return parent == null ? "nobody" : Integer.toString(parent.pid());
    }

    @Deactivate
    void deactivate() {
        notebook.write("left " + attached.size());
    }
}
