// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.itests.kernels;

import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/// A line of `events --json`.
///
/// @param event its name
/// @param uid of the task, then
/// @param gid of the task, then
/// @param comm the name of the task
/// @param exe the executable, or null
/// @param arguments as they stand in the line
/// @param value as the event has it
/// @param source which has brought it
record Told(
        String event,
        String uid,
        String gid,
        String comm,
        String exe,
        String arguments,
        String value,
        String source) {
    private static final Pattern LINE =
            Pattern.compile(
                    "(?m)^\\{\"event\":\"(\\w+)\",.*,\"uid\":(\\w+),\"gid\":(\\w+),"
                            + "\"comm\":\"([^\"]*)\",\"exe\":(?:\"([^\"]*)\"|null),"
                            + "\"cmdline\":(\\[.*?]|null),.*?"
                            + "\"value\":(-?\\d+),\"source\":\"(\\w+)\".*");

    /// {@return all of a text, but for those of losses}
    static List<Told> parse(String text) {
        return LINE.matcher(text).results().map(Told::told).toList();
    }

    private static Told told(MatchResult line) {
        return new Told(
                line.group(1),
                line.group(2),
                line.group(3),
                line.group(4),
                String.valueOf(line.group(5)),
                line.group(6),
                line.group(7),
                line.group(8));
    }

    /// {@return whether it is an event of a program that was called with a word}
    boolean is(String name, String word) {
        return event.equals(name) && arguments.contains("\"" + word + "\"");
    }
}
