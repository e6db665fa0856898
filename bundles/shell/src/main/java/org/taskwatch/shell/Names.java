// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.shell;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.Locale;
import java.util.stream.Collectors;

/// Reads names of events or details that a person has typed.
public final class Names {
    private Names() {}

    /// {@return the constants with the given names}
    ///
    /// @param <E> the type of the constants
    /// @param command the command they are an argument of
    /// @param what a constant is, in one word
    /// @param type the type of the constants
    /// @param names the names in upper or lower case, separated by commas
    /// @throws CommandException if one is not the name of a constant
    public static <E extends Enum<E>> EnumSet<E> parse(
            String command, String what, Class<E> type, String names) throws CommandException {
        EnumSet<E> constants = EnumSet.noneOf(type);
        for (String name : names.split(",", -1)) {
            constants.add(
                    Arrays.stream(type.getEnumConstants())
                            .filter(each -> each.name().equals(name.toUpperCase(Locale.ROOT)))
                            .findFirst()
                            .orElseThrow(() -> unknown(command, what, type, name)));
        }
        return constants;
    }

    private static CommandException unknown(
            String command, String what, Class<? extends Enum<?>> type, String name) {
        String known =
                Arrays.stream(type.getEnumConstants())
                        .map(Enum::name)
                        .collect(Collectors.joining(", "));
        return CommandException.misused(
                command, "no " + what + " is named \"" + name + "\"; there are " + known);
    }
}
