// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.shell.stream;

import org.jspecify.annotations.Nullable;
import org.taskwatch.api.TaskEvent;
import org.taskwatch.api.TaskNotification;

import java.util.Set;

/// Which events a stream shows.
///
/// @param events the kinds of events
/// @param pid the process whose events are shown, those of its threads too; 0 for all
/// @param threads whether events of threads are shown too
/// @param comm the name of the tasks whose events are shown, null for all
record EventFilter(Set<TaskEvent> events, int pid, boolean threads, @Nullable String comm) {
    /// {@return whether an event is shown}
    ///
    /// @param notification the event
    boolean matches(TaskNotification notification) {
        return events.contains(notification.event())
                && (pid == 0 || notification.task().pid() == pid)
                && (comm == null || comm.equals(notification.details().comm().orElse("")));
    }
}
