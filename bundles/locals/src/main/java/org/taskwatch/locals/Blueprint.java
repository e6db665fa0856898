// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.locals;

import org.jspecify.annotations.Nullable;
import org.taskwatch.api.Task;

import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.regex.Pattern;

/// What a bundle has said that a [org.taskwatch.api.TaskLocal] is to be. Immutable.
///
/// @param name its name
/// @param ofThreads whether threads have values
/// @param child makes the value of a child, null if none is inherited
/// @param write makes a text of a value
/// @param read makes a value of a text, null if none is carried over
record Blueprint<T>(
        String name,
        boolean ofThreads,
        @Nullable BiFunction<? super T, Task, ? extends @Nullable T> child,
        Function<? super T, String> write,
        @Nullable Function<String, ? extends T> read) {
    private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9-]{0,63}");

    /// {@return one that says nothing but the name}
    ///
    /// @throws IllegalArgumentException if that has other letters
    static <T> Blueprint<T> of(String name) {
        if (!NAME.matcher(name).matches()) {
            throw new IllegalArgumentException(
                    "naming a TaskLocal \"%s\": expected up to 64 lower-case letters, digits and -, a letter first"
                            .formatted(name));
        }
        return new Blueprint<>(name, false, null, String::valueOf, null);
    }
}
