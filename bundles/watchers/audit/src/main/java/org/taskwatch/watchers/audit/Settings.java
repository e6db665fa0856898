// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.watchers.audit;

import org.jspecify.annotations.Nullable;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.Objects;
import java.util.function.UnaryOperator;

/// The framework properties `taskwatch.audit.*`.
///
/// @param file the trail
/// @param mostBytes how long a file gets before a new one is begun
/// @param oldFiles how many of the old ones are kept
/// @param sync when what was written is forced to the disk
/// @param full what happens to forks in gates while nothing can be written
record Settings(Path file, long mostBytes, int oldFiles, Sync sync, Full full) {
    private static final String PROPERTY = "taskwatch.audit.";
    private static final long MOST_BYTES = 32L << 20;
    private static final long LEAST_BYTES = 64L << 10;

    /// When what was written is forced to the disk.
    enum Sync {
        /// When the kernel likes.
        NONE,
        /// Once a second.
        INTERVAL,
        /// After each batch.
        EACH
    }

    /// What happens to forks in gates while nothing can be written.
    enum Full {
        /// They happen, and are counted as lost if there is no room for them to wait.
        COUNT,
        /// They fail.
        REFUSE
    }

    /// {@return what is set}
    ///
    /// @throws IllegalArgumentException if a property makes no sense
    static Settings of(UnaryOperator<@Nullable String> properties) {
        String base = Objects.requireNonNullElse(properties.apply("taskwatch.base"), "");
        return new Settings(
                Path.of(base, "log", "audit.log"),
                number(properties, "bytes", MOST_BYTES, LEAST_BYTES),
                (int) number(properties, "files", 8, 1),
                choice(properties, "sync", Sync.INTERVAL),
                choice(properties, "full", Full.COUNT));
    }

    private static long number(
            UnaryOperator<@Nullable String> properties, String name, long other, long least) {
        String text = properties.apply(PROPERTY + name);
        if (text == null) {
            return other;
        }
        if (!text.matches("\\d{1,9}") || Long.parseLong(text) < least) {
            throw wrong(name, text, "a number from " + least + " to 999999999");
        }
        return Long.parseLong(text);
    }

    private static <E extends Enum<E>> E choice(
            UnaryOperator<@Nullable String> properties, String name, E other) {
        String text = properties.apply(PROPERTY + name);
        E[] choices = other.getDeclaringClass().getEnumConstants();
        return text == null
                ? other
                : Arrays.stream(choices)
                        .filter(choice -> choice.name().toLowerCase(Locale.ROOT).equals(text))
                        .findFirst()
                        .orElseThrow(() ->
                                wrong(
                                        name,
                                        text,
                                        Arrays.toString(choices).toLowerCase(Locale.ROOT)));
    }

    private static IllegalArgumentException wrong(String name, String text, String expected) {
        return new IllegalArgumentException(
                "%s%s=%s: expected %s".formatted(PROPERTY, name, text, expected));
    }
}
