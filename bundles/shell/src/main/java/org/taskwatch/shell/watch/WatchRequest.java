// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.shell.watch;

import org.taskwatch.api.TaskEvent;
import org.taskwatch.api.spi.TaskFilters;
import org.taskwatch.shell.CommandException;
import org.taskwatch.shell.DeclaredCommand.Call;
import org.taskwatch.shell.Names;

import java.util.Arrays;
import java.util.Set;
import java.util.stream.Collectors;

/// What a user wants to watch.
///
/// @param events of these kinds
/// @param filter of these tasks, empty for all
record WatchRequest(Set<TaskEvent> events, String filter) {
    /// {@return what a text asks for}
    ///
    /// @param call whose text it is
    /// @param text events, separated by commas, then a filter, or parts of one that must all match
    /// @param filters reads the filter
    /// @throws CommandException if it makes no sense
    static WatchRequest parse(Call call, String text, TaskFilters filters) throws CommandException {
        String[] words = text.strip().split("\\s+", 2);
        Set<TaskEvent> events = Names.parse(call.name(), "event", TaskEvent.class, words[0]);
        String filter = words.length == 1 ? "" : filter(words[1]);
        try {
            if (!filter.isEmpty()) {
                filters.matcher(filter);
            }
        } catch (IllegalArgumentException e) {
            throw call.misused(String.valueOf(e.getMessage()));
        }
        return new WatchRequest(events, filter);
    }

    private static String filter(String text) {
        if (text.startsWith("(")) {
            return text;
        }
        String[] parts = text.split("\\s+");
        String all =
                Arrays.stream(parts).map(part -> "(" + part + ")").collect(Collectors.joining());
        return parts.length == 1 ? all : "(&" + all + ")";
    }
}
