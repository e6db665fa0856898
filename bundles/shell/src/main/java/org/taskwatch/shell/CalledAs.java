// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.shell;

import org.apache.felix.service.command.CommandSession;

/// The name by which the user has called a command: `taskwatch wait` executes `task:await`, but what
/// it says of errors has to speak of `wait`.
public final class CalledAs {
    /// The variable of the session that has the name; it is not set where there is no other name.
    public static final String VARIABLE = "taskwatch.called";

    private CalledAs() {}

    /// {@return the name to speak of}
    ///
    /// @param session the session of the caller
    /// @param command the name that the command has in the shell
    public static String name(CommandSession session, String command) {
        return session.get(VARIABLE) instanceof String name ? name : command;
    }

    /// {@return the message of a failed command, which begins with its name, with the name to speak of}
    ///
    /// @param failure how it failed
    /// @param line the command line
    /// @param name the name to speak of
    public static String inMessage(CommandException failure, String line, String name) {
        String message = failure.toString();
        String command = line.split(" ", 2)[0];
        return message.startsWith(command + ": ")
                ? name + message.substring(command.length())
                : message;
    }
}
