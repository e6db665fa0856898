// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.core;

import org.jspecify.annotations.Nullable;
import org.taskwatch.api.Capture;
import org.taskwatch.api.Task;
import org.taskwatch.api.TaskEvent;

import java.util.Set;

/// What a watcher asks for. Immutable.
///
/// @param events what it watches
/// @param captures what it needs to know of the tasks
/// @param threads whether it is told of threads too
record Subscription(Set<TaskEvent> events, Set<Capture> captures, boolean threads) {
    /// A subscription to events of all tasks, of which nothing needs to be read.
    Subscription(Set<TaskEvent> events) {
        this(events, Set.of(), true);
    }

    /// {@return what attributes of a capability, or properties of a service, ask for}
    ///
    /// @param events the names of the events, at least one
    /// @param captures the names of the captures
    /// @param threads true or false, also as a text; true if null
    /// @throws IllegalArgumentException if one can't be understood
    static Subscription parse(
            @Nullable Object events, @Nullable Object captures, @Nullable Object threads) {
        Set<TaskEvent> named = EnumNames.parse(TaskEvent.class, events);
        if (named.isEmpty()) {
            throw new IllegalArgumentException("no event is named");
        }
        return new Subscription(
                named,
                EnumNames.parse(Capture.class, captures),
                threads == null || isTrue(threads));
    }

    /// {@return what a property says, which may be a text}
    ///
    /// @throws IllegalArgumentException if it is neither true nor false
    static boolean isTrue(Object property) {
        return switch (property.toString()) {
            case "true" -> true;
            case "false" -> false;
            default ->
                    throw new IllegalArgumentException(
                            "'%s' is neither true nor false".formatted(property));
        };
    }

    boolean watches(TaskEvent event) {
        return events.contains(event);
    }

    /// {@return whether it is ever told of a thread: an EXEC is always told of a process, whichever of its
    /// threads has called it}
    boolean wantsThreads() {
        return threads && !events.equals(Set.of(TaskEvent.EXEC));
    }

    /// {@return whether it is told of this task at all}
    boolean includes(Task task) {
        return threads || !task.isThread();
    }
}
