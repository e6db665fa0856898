// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.itests.probe;

import org.osgi.service.component.annotations.Component;
import org.taskwatch.api.TaskEvent;
import org.taskwatch.api.TaskNotification;
import org.taskwatch.api.TaskWatcher;
import org.taskwatch.api.Verdict;
import org.taskwatch.api.WatchTask;

import java.util.HashSet;
import java.util.Set;

/// Keeps book of the tasks that are alive, from those that existed when it joined and from the
/// stream; writes down each contradiction, and its book at each INIT, which the test
/// raises.
@Component
@WatchTask(
        value = {TaskEvent.CLONE, TaskEvent.EXIT, TaskEvent.FREE, TaskEvent.INIT},
        existing = true)
public class Joiner implements TaskWatcher {
    private final Notebook notebook = Notebook.ofThisBundle();
    private final Set<Integer> alive = new HashSet<>();

    @Override
    public Verdict notify(TaskNotification n) {
        int tid = n.task().tid();
        switch (n.event()) {
            case CLONE -> {
                if (!alive.add(tid)) {
                    notebook.write("twice " + tid + " " + n.origin());
                }
            }
            case EXIT -> alive.remove(tid);
            case INIT -> notebook.write("alive " + alive);
            default -> {
                if (alive.contains(tid)) {
                    notebook.write("freed before its exit " + tid);
                }
            }
        }
        return Verdict.ALLOW;
    }
}
