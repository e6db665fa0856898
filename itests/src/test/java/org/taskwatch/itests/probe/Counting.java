// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.itests.probe;

import org.jspecify.annotations.Nullable;
import org.osgi.service.component.annotations.Component;
import org.taskwatch.api.Loss;
import org.taskwatch.api.Task;
import org.taskwatch.api.TaskEvent;
import org.taskwatch.api.TaskNotification;
import org.taskwatch.api.TaskWatcher;
import org.taskwatch.api.Verdict;
import org.taskwatch.api.WatchTask;

import java.util.HashMap;
import java.util.Map;

/// Attaches to each unborn task whether it was born, and whenever it holds none, writes how many there were:
/// `inits clones unborn lost`.
@Component
@WatchTask(
        value = {TaskEvent.INIT, TaskEvent.CLONE, TaskEvent.FREE},
        filter = "(gate=*)",
        threads = false)
public class Counting implements TaskWatcher {
    private final Notebook notebook = Notebook.ofThisBundle();

    // All are of the thread of the lane.
    private final Map<Task, Boolean> attached = new HashMap<>();
    private long inits;
    private long clones;
    private long unborn;
    private long lost;

    @Override
    public Verdict notify(TaskNotification n) {
        switch (n.event()) {
            case INIT -> {
                inits++;
                attached.put(n.task(), false);
            }
            case CLONE -> {
                if (attached.replace(n.task(), true) != null) {
                    clones++;
                }
            }
            default -> release(attached.remove(n.task()));
        }
        return Verdict.ALLOW;
    }

    private void release(@Nullable Boolean wasBorn) {
        if (wasBorn == null) {
            return; // the root, which was there before its tree was gated
        }
        if (!wasBorn) {
            unborn++;
        }
        if (attached.isEmpty()) {
            notebook.write("%d %d %d %d".formatted(inits, clones, unborn, lost));
        }
    }

    @Override
    public void lost(Loss loss) {
        lost += loss.count();
    }
}
