// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.launcher;

import org.taskwatch.control.Arguments;
import org.taskwatch.control.Declaration;
import org.taskwatch.control.MisuseException;
import org.taskwatch.control.Operands;
import org.taskwatch.launcher.command.Command;

import java.util.List;
import java.util.stream.Collectors;

/// `taskwatch` without a command: tells which there are.
///
/// @param commands all others, in the order in which they are told
record Overview(List<Command> commands) implements Command {
    @Override
    public Declaration declaration() {
        String list =
                commands.stream()
                        .map(Command::declaration)
                        .map(each -> "  %-12s %s\n".formatted(each.name(), each.summary()))
                        .collect(Collectors.joining());
        return new Declaration(
                "",
                "",
                """
                Calls watchers at the significant moments in the life of every Linux task.

                %s
                taskwatch COMMAND --help tells more.
                """
                        .formatted(list),
                List.of(),
                Operands.NONE);
    }

    @Override
    public int run(Arguments arguments) throws MisuseException {
        throw new MisuseException("missing required subcommand");
    }
}
