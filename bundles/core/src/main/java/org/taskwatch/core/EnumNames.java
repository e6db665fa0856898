// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.core;

import org.jspecify.annotations.Nullable;

import java.util.Arrays;
import java.util.Collection;
import java.util.EnumSet;
import java.util.Set;
import java.util.stream.Stream;

/// Reads the names of constants as they stand in a service property or a capability attribute.
final class EnumNames {
    private EnumNames() {}

    /// {@return the constants that are named}
    ///
    /// @param type of the constants
    /// @param names a string, an array or a collection of strings; null and blanks name none: bnd
    ///     writes an empty array so
    /// @throws IllegalArgumentException if one is no constant of the type
    static <E extends Enum<E>> Set<E> parse(Class<E> type, @Nullable Object names) {
        Set<E> constants = EnumSet.noneOf(type);
        elements(names)
                .map(name -> String.valueOf(name).strip())
                .filter(name -> !name.isEmpty())
                .map(name -> constant(type, name))
                .forEach(constants::add);
        return constants;
    }

    private static Stream<?> elements(@Nullable Object names) {
        return switch (names) {
            case null -> Stream.empty();
            case Object[] array -> Arrays.stream(array);
            case Collection<?> collection -> collection.stream();
            default -> Stream.of(names);
        };
    }

    private static <E extends Enum<E>> E constant(Class<E> type, String name) {
        return Arrays.stream(type.getEnumConstants())
                .filter(constant -> constant.name().equals(name))
                .findFirst()
                .orElseThrow(() ->
                        new IllegalArgumentException(
                                "'%s' is none of %s"
                                        .formatted(
                                                name, Arrays.toString(type.getEnumConstants()))));
    }
}
