// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.shell.stream;

import org.taskwatch.api.Task;
import org.taskwatch.api.TaskDetails;
import org.taskwatch.api.TaskEvent;
import org.taskwatch.api.TaskNotification;

import java.util.Set;
import java.util.function.Predicate;

/// Which events a stream shows.
///
/// @param events the kinds of events
/// @param tasks whose events are shown; asked by the thread that tells them
/// @param threads whether events of threads are shown too
/// @param details of the tasks whose events are shown
record EventFilter(
        Set<TaskEvent> events,
        Predicate<Task> tasks,
        boolean threads,
        Predicate<TaskDetails> details) {
    /// A filter of events whatever is known of their tasks.
    EventFilter(Set<TaskEvent> events, Predicate<Task> tasks, boolean threads) {
        this(events, tasks, threads, _ -> true);
    }

    /// {@return whether an event is shown}
    ///
    /// @param notification the event
    boolean matches(TaskNotification notification) {
        return events.contains(notification.event())
                && tasks.test(notification.task())
                && details.test(notification.details());
    }
}
