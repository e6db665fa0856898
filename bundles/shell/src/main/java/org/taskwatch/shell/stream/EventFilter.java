// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.shell.stream;

import org.jspecify.annotations.Nullable;
import org.taskwatch.api.Task;
import org.taskwatch.api.TaskEvent;
import org.taskwatch.api.TaskNotification;

import java.util.Set;
import java.util.function.Predicate;

/// Which events a stream shows.
///
/// @param events the kinds of events
/// @param tasks whose events are shown; asked by the thread that tells them
/// @param threads whether events of threads are shown too
/// @param comm the name of the tasks whose events are shown, null for all
record EventFilter(
        Set<TaskEvent> events, Predicate<Task> tasks, boolean threads, @Nullable String comm) {
    /// {@return whether an event is shown}
    ///
    /// @param notification the event
    boolean matches(TaskNotification notification) {
        return events.contains(notification.event())
                && tasks.test(notification.task())
                && (comm == null || comm.equals(notification.details().comm().orElse("")));
    }
}
