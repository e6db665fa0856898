// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.itests.probe;

import org.osgi.service.component.annotations.Component;
import org.taskwatch.api.TaskEvent;
import org.taskwatch.api.TaskNotification;
import org.taskwatch.api.TaskWatcher;
import org.taskwatch.api.Verdict;
import org.taskwatch.api.WatchTask;

/// Can't be made.
@Component
@WatchTask(TaskEvent.EXEC)
public class Broken implements TaskWatcher {
    /// Throws.
    public Broken() {
        throw new IllegalStateException("broken on purpose");
    }

    @Override
    public Verdict notify(TaskNotification n) {
        return Verdict.ALLOW;
    }
}
