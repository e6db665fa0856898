// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.itests.probe;

import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.taskwatch.api.Delivery;
import org.taskwatch.api.Errno;
import org.taskwatch.api.Gate;
import org.taskwatch.api.TaskEvent;
import org.taskwatch.api.TaskNotification;
import org.taskwatch.api.TaskWatcher;
import org.taskwatch.api.Verdict;
import org.taskwatch.api.WatchTask;

import java.util.concurrent.atomic.AtomicLong;

/// Answers as the label of the gate says, and what no label tells is allowed.
@Component
@WatchTask(value = TaskEvent.INIT, delivery = Delivery.SYNC)
public class Porter implements TaskWatcher {
    /// The file that ends the calls that wait.
    public static final String GO = "go";

    /// Refuses with EPERM.
    public static final String REFUSE = "refuse";

    /// Refuses every seventh with EAGAIN.
    public static final String SEVENTH = "seventh";

    /// Allows when there is the file [#GO], and no interrupt ends the call before.
    public static final String WAIT = "wait";

    /// Throws.
    public static final String THROW = "throw";

    private final Notebook notebook = Notebook.ofThisBundle();
    private final AtomicLong asked = new AtomicLong();

    @Override
    public Verdict notify(TaskNotification n) {
        Gate gate = n.task().gate();
        return switch (gate == null ? "" : gate.label()) {
            case REFUSE -> Verdict.refuse(Errno.EPERM, "not today");
            case SEVENTH ->
                    asked.incrementAndGet() % 7 == 0
                            ? Verdict.refuse(Errno.EAGAIN, "the seventh")
                            : Verdict.ALLOW;
            case WAIT -> await();
            case THROW -> throw new IllegalStateException("meant to");
            default -> Verdict.ALLOW;
        };
    }

    private Verdict await() {
        notebook.write("entered");
        while (!notebook.has(GO)) {
            Thread.onSpinWait();
        }
        notebook.write("left");
        return Verdict.ALLOW;
    }

    @Deactivate
    void deactivate() {
        notebook.write("deactivated");
    }
}
