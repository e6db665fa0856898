// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.control;

/// What a command takes besides options.
///
/// @param text as the help and errors name it
/// @param kind what each is
/// @param least how many there must be
/// @param most how many there can be
/// @param endOptions whether the first ends the options: what follows may be those of another command
public record Operands(String text, Kind kind, int least, int most, boolean endOptions) {
    /// No operands.
    public static final Operands NONE = new Operands("", Kind.TEXT, 0, 0, false);
}
