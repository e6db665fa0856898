// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.launcher.client;

import org.taskwatch.control.Arguments;
import org.taskwatch.control.Declaration;
import org.taskwatch.launcher.base.Base;
import org.taskwatch.launcher.command.Command;
import org.taskwatch.launcher.process.StandardStreams;
import org.taskwatch.launcher.process.TerminalOutput;

import java.util.ArrayList;
import java.util.List;

/// A command that the instance executes, with the arguments that were typed.
///
/// @param declaration what it is called and takes
public record RemoteCommand(Declaration declaration) implements Command {
    @Override
    public int run(Arguments arguments) {
        List<String> words = words(declaration, arguments, arguments.operands());
        try (ControlClient client = ControlClient.connect(Base.chosenBy(arguments));
                Window _ = new Window(client, TerminalOutput.STANDARD)) {
            return client.execute(words, StandardStreams.output(), StandardStreams.error());
        }
    }

    /// {@return the command as the instance is told it}
    ///
    /// @param declared what the instance knows it by
    /// @param arguments have its options
    /// @param operands its operands
    static List<String> words(Declaration declared, Arguments arguments, List<String> operands) {
        List<String> words = new ArrayList<>();
        words.add(declared.name());
        words.addAll(arguments.options(declared.options()));
        if (!operands.isEmpty()) {
            words.add("--"); // what follows is no option, whatever it looks like
            words.addAll(operands);
        }
        return words;
    }
}
