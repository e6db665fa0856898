// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.shell;

import org.taskwatch.api.TaskEvent;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.Locale;

/// Reads names of events that a person has typed.
public final class EventNames {
    private EventNames() {}

    /// {@return the events with the given names}
    ///
    /// @param command the command they are an argument of
    /// @param names the names in upper or lower case, separated by commas
    /// @throws CommandException if one is not the name of an event
    public static EnumSet<TaskEvent> parse(String command, String names) throws CommandException {
        EnumSet<TaskEvent> events = EnumSet.noneOf(TaskEvent.class);
        for (String name : names.split(",", -1)) {
            events.add(
                    Arrays.stream(TaskEvent.values())
                            .filter(event -> event.name().equals(name.toUpperCase(Locale.ROOT)))
                            .findFirst()
                            .orElseThrow(() -> noSuchEvent(command, name)));
        }
        return events;
    }

    private static CommandException noSuchEvent(String command, String name) {
        return CommandException.misused(
                command,
                "no event is named \""
                        + name
                        + "\"; there are "
                        + String.join(
                                ", ",
                                Arrays.stream(TaskEvent.values()).map(TaskEvent::name).toList()));
    }
}
