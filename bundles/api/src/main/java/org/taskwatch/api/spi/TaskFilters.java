// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.api.spi;

import org.osgi.annotation.versioning.ProviderType;
import org.taskwatch.api.Capture;
import org.taskwatch.api.Task;
import org.taskwatch.api.TaskDetails;

import java.util.Set;

/// The filters of [org.taskwatch.api.WatchTask#filter], for others that choose tasks, so that there is one
/// language for it. An OSGi service of the core. Safe for all threads.
@ProviderType
public interface TaskFilters {
    /// {@return the filter that a text is}
    ///
    /// @param text the filter, not blank
    /// @throws IllegalArgumentException if it is none, or asks for what no task has; the message says what to write
    Matcher matcher(String text);

    /// A filter that was read. Immutable, safe for all threads.
    @ProviderType
    interface Matcher {
        /// {@return whether a task is one of those that it asks for; true if that can't be found out}
        ///
        /// @param task the task
        /// @param details what is known of it at that time
        boolean matches(Task task, TaskDetails details);

        /// {@return the details that must be read so that it can answer; immutable}
        Set<Capture> captures();
    }
}
