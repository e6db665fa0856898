// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.control;

/// An option of a command.
///
/// @param name without the hyphens
/// @param letter its short form, 0 if it has none
/// @param value what the help calls its value; empty if it takes none
/// @param kind what the value is; [Kind#TEXT] if it takes none
/// @param meaning for the help, one line
public record Option(String name, char letter, String value, Kind kind, String meaning) {
    /// {@return an option that takes no value}
    ///
    /// @param name without the hyphens
    /// @param letter its short form, 0 if it has none
    /// @param meaning for the help
    public static Option flag(String name, char letter, String meaning) {
        return new Option(name, letter, "", Kind.TEXT, meaning);
    }

    /// {@return whether it takes a value}
    public boolean hasValue() {
        return !value.isEmpty();
    }
}
