// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.itests;

import java.time.Instant;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A line of `events --json`.
///
/// @param event its name, or LOST
/// @param tid of the task, 0 of a loss
/// @param origin as OBSERVED; of a loss its place
/// @param count of a loss, else 0
/// @param since of a loss the last time at which nothing was lost, else when it happened
record Told(String event, int tid, String origin, long count, Instant since) {
    private static final Pattern EVENT =
            Pattern.compile(
                    "\\{\"event\":\"(\\w+)\",\"seq\":\\d+,\"time\":\"([^\"]+)\",\"tid\":(\\d+),"
                            + ".*\"origin\":\"(\\w+)\"}");
    private static final Pattern LOSS =
            Pattern.compile(
                    "\\{\"event\":\"LOST\",\"count\":(\\d+),\"place\":\"(\\w+)\",.*"
                            + "\"since\":\"([^\"]+)\"}");

    static List<Told> parse(String out) {
        // The last line may not be whole yet.
        return out.substring(0, out.lastIndexOf('\n') + 1).lines().map(Told::line).toList();
    }

    private static Told line(String line) {
        Matcher event = EVENT.matcher(line);
        if (event.matches()) {
            Instant time = Instant.parse(event.group(2));
            int tid = Integer.parseInt(event.group(3));
            return new Told(event.group(1), tid, event.group(4), 0, time);
        }
        Matcher loss = LOSS.matcher(line);
        if (!loss.matches()) {
            throw new AssertionError("what is this? " + line);
        }
        Instant since = Instant.parse(loss.group(3));
        return new Told("LOST", 0, loss.group(2), Long.parseLong(loss.group(1)), since);
    }

    boolean isLoss() {
        return event.equals("LOST");
    }
}
