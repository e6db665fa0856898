// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.shell;

import org.apache.felix.service.command.CommandSession;
import org.apache.felix.service.command.Function;
import org.jspecify.annotations.Nullable;
import org.taskwatch.control.Arguments;
import org.taskwatch.control.Declaration;
import org.taskwatch.control.Help;
import org.taskwatch.control.MisuseException;

import java.util.List;

/// A command that the command `taskwatch` has too. Its arguments are parsed by its declaration,
/// wherever they were typed: Gogo gives it the words, and knows nothing of options.
///
/// An implementation is a component with this service, and with the name of its declaration as a function
/// of the scope `task`. It is safe for all threads.
public interface DeclaredCommand extends Function {
    /// The variable of a session by which it tells the name that the user has typed after `taskwatch`;
    /// not set where a command was typed in the shell.
    String CALLED = "taskwatch.called";

    /// One call of a command.
    ///
    /// @param session the session of the caller
    /// @param name how the user has called the command: errors begin with it
    /// @param arguments what was typed
    record Call(CommandSession session, String name, Arguments arguments) {
        /// {@return the exception for a call that is right and has failed}
        ///
        /// @param problem what went wrong
        public CommandException failed(String problem) {
            return CommandException.failed(name, problem);
        }

        /// {@return the exception for a call with arguments that make no sense}
        ///
        /// @param problem what is wrong, and what would be right
        public CommandException misused(String problem) {
            return CommandException.misused(name, problem);
        }
    }

    /// {@return what it is called, takes and means}
    Declaration declaration();

    /// Does it, with the standard streams of the session.
    ///
    /// @param call what was typed, which agrees with the declaration
    /// @return an [ExitStatus], or null if it worked
    /// @throws CommandException if it fails
    /// @throws InterruptedException if the thread is interrupted
    @Nullable ExitStatus run(Call call) throws CommandException, InterruptedException;

    @Override
    default @Nullable Object execute(CommandSession session, List<Object> words)
            throws CommandException, InterruptedException {
        String inShell = "task:" + declaration().name();
        boolean isTyped = !(session.get(CALLED) instanceof String);
        String name = isTyped ? inShell : declaration().name();
        try {
            Arguments arguments =
                    Arguments.parse(declaration(), words.stream().map(String::valueOf).toList());
            if (arguments.asksForHelp()) {
                System.out.print(Help.of(declaration(), name));
                return null;
            }
            return run(new Call(session, name, arguments));
        } catch (MisuseException e) {
            String help = isTyped ? "help " + inShell : "taskwatch " + name + " --help";
            throw CommandException.misused(name, e.getMessage() + "; see " + help);
        }
    }
}
