// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.shell;

/// A command could not do what it was asked. The message is one line for a person, and begins with
/// the name of the command if that is known.
public final class CommandException extends Exception {
    /// The exit status of a command that failed.
    public static final int FAILED = 1;

    /// The exit status of a command that was used wrongly.
    public static final int MISUSED = 2;

    private static final long serialVersionUID = 1L;

    private final int status;

    /// Makes the exception.
    ///
    /// @param status [#FAILED] or [#MISUSED]
    /// @param message one line
    public CommandException(int status, String message) {
        // Only the message is ever shown: no stack, no cause.
        super(message, null, false, false);
        this.status = status;
    }

    /// {@return the exception for a command that was used rightly and failed}
    ///
    /// @param command the name of the command
    /// @param problem what went wrong
    public static CommandException failed(String command, String problem) {
        return new CommandException(FAILED, command + ": " + problem);
    }

    /// {@return the exception for a command with an argument that makes no sense}
    ///
    /// @param command the name of the command
    /// @param problem what is wrong, and what would be right
    public static CommandException misused(String command, String problem) {
        return new CommandException(MISUSED, command + ": " + problem);
    }

    /// {@return the exit status: [#FAILED] or [#MISUSED]}
    public int status() {
        return status;
    }

    /// {@return the message alone: the interactive shell prints exceptions by this}
    @Override
    public String toString() {
        return String.valueOf(getMessage());
    }
}
