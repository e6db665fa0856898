// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.launcher.command;

/// What a command takes besides options.
///
/// @param text as `--help` and errors name it
/// @param least how many there must be
/// @param most how many there can be
/// @param endOptions whether the first ends the options: what follows may be those of another command
public record Operands(String text, int least, int most, boolean endOptions) {
    public static final Operands NONE = new Operands("", 0, 0, false);
}
