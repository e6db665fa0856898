// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.core;

import org.jspecify.annotations.Nullable;
import org.taskwatch.api.TaskEvent;

import java.util.Arrays;
import java.util.Collection;
import java.util.EnumSet;
import java.util.Set;
import java.util.stream.Stream;

/// Reads the names of events as they stand in a service property or a capability attribute.
final class EventNames {
    private EventNames() {}

    /// {@return the events that are named, at least one}
    ///
    /// @param names a string, an array or a collection of strings
    /// @throws IllegalArgumentException if there is none, or one that is no event
    static Set<TaskEvent> parse(@Nullable Object names) {
        Set<TaskEvent> events = EnumSet.noneOf(TaskEvent.class);
        elements(names).map(EventNames::event).forEach(events::add);
        if (events.isEmpty()) {
            throw new IllegalArgumentException("no event is named");
        }
        return events;
    }

    private static Stream<?> elements(@Nullable Object names) {
        return switch (names) {
            case null -> Stream.empty();
            case Object[] array -> Arrays.stream(array);
            case Collection<?> collection -> collection.stream();
            default -> Stream.of(names);
        };
    }

    private static TaskEvent event(Object name) {
        return Arrays.stream(TaskEvent.values())
                .filter(event -> event.name().equals(String.valueOf(name).strip()))
                .findFirst()
                .orElseThrow(() ->
                        new IllegalArgumentException(
                                "'%s' is none of the events %s"
                                        .formatted(name, Arrays.toString(TaskEvent.values()))));
    }
}
