// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.itests.probe;

import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.taskwatch.api.TaskEvent;
import org.taskwatch.api.TaskNotification;
import org.taskwatch.api.TaskWatcher;
import org.taskwatch.api.Verdict;
import org.taskwatch.api.WatchTask;

/// Stays in its call until the test makes a file named [#GO], whatever interrupts it.
@Component
@WatchTask(TaskEvent.EXEC)
public class Held implements TaskWatcher {
    /// The file that ends the call.
    public static final String GO = "go";

    private final Notebook notebook = Notebook.ofThisBundle();

    @Override
    public Verdict notify(TaskNotification n) {
        if (notebook.concerns(n)) {
            notebook.write("entered");
            while (!notebook.has(GO)) {
                Thread.onSpinWait();
            }
            notebook.write("left");
        }
        return Verdict.ALLOW;
    }

    @Deactivate
    void deactivate() {
        notebook.write("deactivated");
    }
}
