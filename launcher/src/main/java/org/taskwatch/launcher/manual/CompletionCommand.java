// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.launcher.manual;

import org.taskwatch.control.Arguments;
import org.taskwatch.control.Declaration;
import org.taskwatch.control.Kind;
import org.taskwatch.control.MisuseException;
import org.taskwatch.control.Operands;
import org.taskwatch.launcher.command.Command;

import java.util.List;
import java.util.function.Supplier;

/// `taskwatch completion`
///
/// @param commands all commands, this one too
public record CompletionCommand(Supplier<List<Declaration>> commands) implements Command {
    @Override
    public Declaration declaration() {
        return new Declaration(
                "completion",
                "print the script by which a shell completes taskwatch",
                """
                Prints the script by which a shell completes commands, options and their values. In bash, for now:
                source <(taskwatch completion bash)
                In zsh, after compinit: source <(taskwatch completion zsh)
                """,
                List.of(),
                new Operands("bash|zsh", Kind.TEXT, 1, 1, false));
    }

    @Override
    public int run(Arguments arguments) throws MisuseException {
        String shell = arguments.operands().getFirst();
        System.out.print(
                switch (shell) {
                    case "bash" -> new BashCompletion(commands.get(), COMMON).text();
                    case "zsh" -> new ZshCompletion(commands.get(), COMMON).text();
                    default ->
                            throw new MisuseException("the shell must be bash or zsh, is " + shell);
                });
        return 0;
    }
}
