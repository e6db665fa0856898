// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.control;

import java.util.List;
import java.util.stream.Stream;

/// What a command is called, takes and means: said once, for the command `taskwatch`, the shell of the
/// instance, their help and their completion.
///
/// @param name one word
/// @param summary what it does, in a few words
/// @param description what it does and how it exits, for the help: lines of at most 100 characters
/// @param options its options; `--help`, which all have, is not among them
/// @param operands what it takes besides
public record Declaration(
        String name, String summary, String description, List<Option> options, Operands operands) {
    /// {@return the same command with more options}
    ///
    /// @param more the options
    public Declaration with(List<Option> more) {
        return new Declaration(
                name,
                summary,
                description,
                Stream.concat(options.stream(), more.stream()).toList(),
                operands);
    }

    /// {@return how it is used, in one line: the name, its options and operands}
    public String synopsis() {
        StringBuilder text = new StringBuilder(name);
        for (Option option : options) {
            text.append(" [--").append(option.name());
            text.append(option.hasValue() ? " " + option.value() : "").append(']');
        }
        return text.append(operands.text().isEmpty() ? "" : " " + operands.text()).toString();
    }
}
