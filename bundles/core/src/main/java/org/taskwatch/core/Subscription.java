// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.core;

import org.jspecify.annotations.Nullable;
import org.taskwatch.api.Capture;
import org.taskwatch.api.TaskEvent;
import org.taskwatch.api.TaskNotification;
import org.taskwatch.core.filter.TaskFilter;

import java.util.EnumSet;
import java.util.Set;
import java.util.stream.Collectors;

/// What a watcher asks for. Immutable.
///
/// @param events what it watches
/// @param captures what it needs to know of the tasks
/// @param threads whether it is told of threads too
/// @param filter of which tasks it is told, null for all
/// @param relaxed whether it may be told late
record Subscription(
        Set<TaskEvent> events,
        Set<Capture> captures,
        boolean threads,
        @Nullable TaskFilter filter,
        boolean relaxed) {
    private static final Set<TaskEvent> OF_PROCESSES = EnumSet.of(TaskEvent.INIT, TaskEvent.EXEC);

    /// A subscription to events of all tasks.
    Subscription(Set<TaskEvent> events, Set<Capture> captures, boolean threads) {
        this(events, captures, threads, null, false);
    }

    /// A subscription to events of all tasks, of which nothing needs to be read.
    Subscription(Set<TaskEvent> events) {
        this(events, Set.of(), true);
    }

    /// {@return what attributes of a capability, or properties of a service, ask for}
    ///
    /// @param events the names of the events, at least one
    /// @param captures the names of the captures
    /// @param threads true or false, also as a text; true if null
    /// @param filter a filter, none if null or blank
    /// @param relaxed true or false, also as a text; false if null
    /// @throws IllegalArgumentException if one can't be understood
    static Subscription parse(
            @Nullable Object events,
            @Nullable Object captures,
            @Nullable Object threads,
            @Nullable Object filter,
            @Nullable Object relaxed) {
        Set<TaskEvent> named = EnumNames.parse(TaskEvent.class, events);
        if (named.isEmpty()) {
            throw new IllegalArgumentException("no event is named");
        }
        Set<Capture> needed = EnumNames.parse(Capture.class, captures);
        TaskFilter parsed = TaskFilter.parse(filter);
        if (parsed != null) {
            needed = union(needed, parsed.captures());
        }
        return new Subscription(
                named,
                needed,
                threads == null || isTrue(threads),
                parsed,
                relaxed != null && isTrue(relaxed));
    }

    private static Set<Capture> union(Set<Capture> a, Set<Capture> b) {
        Set<Capture> union = EnumSet.noneOf(Capture.class);
        union.addAll(a);
        union.addAll(b);
        return union;
    }

    /// {@return the same of all tasks}
    Subscription unfiltered() {
        return filter == null ? this : new Subscription(events, captures, threads, null, relaxed);
    }

    /// {@return the same of those of its events that can be refused; of all tasks}
    Subscription refusable() {
        Set<TaskEvent> refusable =
                events.stream().filter(TaskEvent::isRefusable).collect(Collectors.toSet());
        return new Subscription(refusable, captures, threads, null, relaxed);
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
    /// threads has called it, and an INIT of one that is to be}
    boolean wantsThreads() {
        return threads && !OF_PROCESSES.containsAll(events);
    }

    /// {@return whether it is told of a task that was there before}
    boolean includes(TaskNotification existing) {
        return (threads || !existing.task().isThread())
                && (filter == null || filter.matches(existing));
    }
}
