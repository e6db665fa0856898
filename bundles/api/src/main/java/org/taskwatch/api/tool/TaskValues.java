// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.api.tool;

import org.osgi.annotation.versioning.ProviderType;
import org.taskwatch.api.Task;

import java.util.List;

/// The values that watchers keep with tasks, [org.taskwatch.api.TaskLocal]. An OSGi service. Safe for all
/// threads.
@ProviderType
public interface TaskValues {
    /// {@return all that there are, by module and name}
    List<TaskLocalInfo> locals();

    /// {@return the values of a task, by module and name; those that it has not are left out} Calls code of the
    /// modules.
    ///
    /// @param task the task
    List<TaskValue> of(Task task);
}
