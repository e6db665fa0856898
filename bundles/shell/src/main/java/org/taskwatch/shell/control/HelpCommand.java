// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.shell.control;

import org.apache.felix.gogo.jline.Shell;
import org.apache.felix.service.command.CommandSession;
import org.apache.felix.service.command.Function;
import org.jspecify.annotations.Nullable;
import org.taskwatch.control.Commands;
import org.taskwatch.control.Declaration;
import org.taskwatch.control.Help;
import org.taskwatch.shell.CommandException;

import java.util.List;
import java.util.Optional;

/// The command `help`: of a command that is declared it prints the help of the declaration, of others
/// what Gogo knows of them.
///
/// @param shell knows the others
record HelpCommand(Shell shell) implements Function {
    private static final String SCOPE = "task:";

    @Override
    public @Nullable Object execute(CommandSession session, List<Object> words)
            throws CommandException {
        if (words.isEmpty()) {
            shell.help(session);
            return null;
        }
        if (words.size() > 1) {
            throw CommandException.misused("help", "give the name of one command, or none");
        }
        String name = String.valueOf(words.getFirst());
        String plain = name.startsWith(SCOPE) ? name.substring(SCOPE.length()) : name;
        Optional<Declaration> declared = Commands.inShell(plain);
        if (declared.isPresent()) {
            String full = SCOPE + plain;
            System.out.println(full + " - " + declared.get().summary());
            System.out.print(Help.of(declared.get(), full));
        } else {
            shell.help(session, name);
        }
        return null;
    }
}
