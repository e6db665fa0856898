// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.core.filter;

import org.jspecify.annotations.Nullable;
import org.taskwatch.api.Task;
import org.taskwatch.api.TaskDetails;

import java.util.AbstractMap;
import java.util.Set;

/// A task as filters see it: a map that finds out what it is asked for, and nothing else.
final class TaskAttributes extends AbstractMap<String, Object> {
    private final Task task;
    private final TaskDetails details;

    TaskAttributes(Task task, TaskDetails details) {
        this.task = task;
        this.details = details;
    }

    @Override
    public @Nullable Object get(@Nullable Object name) {
        if (!(name instanceof String text)) {
            return null;
        }
        TaskAttribute attribute = TaskAttribute.named(text);
        return attribute == null
                ? details.labels().get(TaskAttribute.labelKey(text))
                : attribute.of(task, details);
    }

    @Override
    public boolean containsKey(@Nullable Object name) {
        return get(name) != null;
    }

    /// Filters ask by name only.
    @Override
    public Set<Entry<String, Object>> entrySet() {
        throw new UnsupportedOperationException("the attributes of a task are not listed");
    }
}
