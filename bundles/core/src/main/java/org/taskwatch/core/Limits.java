// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.core;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.function.UnaryOperator;

/// The bounds that the core keeps.
///
/// @param laneCapacity how many notifications wait on the lane of one module before further ones
///     are lost
/// @param interruptAfter how long an unload waits for a call before it interrupts its thread
/// @param unloadDeadline how long an unload waits for a call before it gives up; zero waits for ever
/// @param reportEvery how often an unload that waits says what for
record Limits(
        int laneCapacity, Duration interruptAfter, Duration unloadDeadline, Duration reportEvery) {
    private static final Duration REPORT_EVERY = Duration.ofSeconds(3);

    /// Reads the limits from framework properties.
    static Limits of(UnaryOperator<@Nullable String> properties) {
        return new Limits(
                Math.toIntExact(read(properties, "taskwatch.lane.capacity", 65_536, 1)),
                Duration.ofMillis(read(properties, "taskwatch.unload.interrupt.ms", 1_000, 0)),
                Duration.ofMillis(read(properties, "taskwatch.unload.deadline.ms", 10_000, 0)),
                REPORT_EVERY);
    }

    private static long read(
            UnaryOperator<@Nullable String> properties, String name, long standard, int least) {
        String text = properties.apply(name);
        if (text == null) {
            return standard;
        }
        try {
            long value = Long.parseLong(text.strip());
            if (value >= least && value <= Integer.MAX_VALUE) {
                return value;
            }
        } catch (NumberFormatException _) {
            // told below, with the same words as a number out of range
        }
        throw new IllegalArgumentException(
                "framework property %s=%s: expected a number from %d to %d"
                        .formatted(name, text, least, Integer.MAX_VALUE));
    }
}
