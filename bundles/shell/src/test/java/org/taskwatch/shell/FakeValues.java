// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.shell;

import org.taskwatch.api.Task;
import org.taskwatch.api.tool.TaskLocalInfo;
import org.taskwatch.api.tool.TaskValue;
import org.taskwatch.api.tool.TaskValues;

import java.util.List;

/// What watchers keep with tasks.
///
/// @param task the only one that has a value
record FakeValues(Task task) implements TaskValues {
    @Override
    public List<TaskLocalInfo> locals() {
        return List.of(
                new TaskLocalInfo("good", "started", 2, false, true, false),
                new TaskLocalInfo("other", "seen", 0, true, false, true));
    }

    @Override
    public List<TaskValue> of(Task other) {
        return other == task
                ? List.of(new TaskValue("good", "started", "at \u001b[31mnoon"))
                : List.of();
    }
}
