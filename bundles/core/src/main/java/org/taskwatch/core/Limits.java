// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.core;

import org.jspecify.annotations.Nullable;
import org.taskwatch.api.Errno;
import org.taskwatch.api.Verdict;

import java.time.Duration;
import java.util.function.UnaryOperator;

/// The bounds that the core keeps.
///
/// @param laneCapacity how many notifications wait on the lane of one module before further ones
///     are lost
/// @param laneBytes how many bytes of memory those may take, see [Lane#bytes]
/// @param lanesBytes how many bytes all lanes together may take beyond [LaneMemory#STEP] each
/// @param hold how long the lane of a module that went away goes on filling for a new revision
/// @param interruptAfter how long an unload waits for a call before it interrupts its thread
/// @param unloadDeadline how long an unload waits for a call before it gives up; zero waits for ever
/// @param syncDeadline how long a notifier waits for a SYNC watcher, and all watchers have for one question; zero
///     calls them on the notifying thread, which can't leave them, and waits for ever
/// @param late the answer for a SYNC watcher that has not answered by then
/// @param mostFaults how many faults in a row suspend a watcher; zero never does
record Limits(
        int laneCapacity,
        int laneBytes,
        int lanesBytes,
        Duration hold,
        Duration interruptAfter,
        Duration unloadDeadline,
        Duration syncDeadline,
        Verdict late,
        int mostFaults) {

    /// {@return why a watcher is suspended that has not answered by the deadline}
    ///
    /// @param what what it has not answered to
    String noAnswerTo(String what) {
        return "no answer to %s within %d ms".formatted(what, syncDeadline.toMillis());
    }

    /// Reads the limits from framework properties.
    ///
    /// @throws IllegalArgumentException if one can't be understood
    static Limits of(UnaryOperator<@Nullable String> properties) {
        return new Limits(
                number(properties, "taskwatch.lane.capacity", 65_536, 1),
                number(properties, "taskwatch.lane.bytes", 32 << 20, 1 << 10),
                number(properties, "taskwatch.lanes.bytes", 64 << 20, 0),
                millis(properties, "taskwatch.lane.hold.ms", 10_000),
                millis(properties, "taskwatch.unload.interrupt.ms", 1_000),
                millis(properties, "taskwatch.unload.deadline.ms", 10_000),
                millis(properties, "taskwatch.sync.deadline.ms", 1_000),
                verdict(properties, "taskwatch.sync.late"),
                number(properties, "taskwatch.watcher.faults", 100, 0));
    }

    private static Duration millis(
            UnaryOperator<@Nullable String> properties, String name, int standard) {
        return Duration.ofMillis(number(properties, name, standard, 0));
    }

    private static int number(
            UnaryOperator<@Nullable String> properties, String name, int standard, int least) {
        String text = properties.apply(name);
        if (text == null) {
            return standard;
        }
        try {
            int value = Integer.parseInt(text.strip());
            if (value >= least) {
                return value;
            }
        } catch (NumberFormatException _) {
            // told below, with the same words as a number out of range
        }
        throw new IllegalArgumentException(
                "framework property %s=%s: expected a number from %d to %d"
                        .formatted(name, text, least, Integer.MAX_VALUE));
    }

    private static Verdict verdict(UnaryOperator<@Nullable String> properties, String name) {
        String text = properties.apply(name);
        return switch (text) {
            case null -> Verdict.ALLOW;
            case "allow" -> Verdict.ALLOW;
            case "refuse" -> Verdict.refuse(Errno.EAGAIN);
            default ->
                    throw new IllegalArgumentException(
                            "framework property %s=%s: expected allow or refuse"
                                    .formatted(name, text));
        };
    }
}
