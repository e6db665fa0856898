// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.launcher.manual;

import org.taskwatch.control.Arguments;
import org.taskwatch.control.Declaration;
import org.taskwatch.control.Operands;
import org.taskwatch.launcher.command.Command;

import java.util.List;
import java.util.function.Supplier;

/// `taskwatch man`
///
/// @param commands all commands, this one too
public record ManCommand(Supplier<List<Declaration>> commands) implements Command {
    @Override
    public Declaration declaration() {
        return new Declaration(
                "man",
                "print the manual page of taskwatch",
                """
                Prints the manual page, taskwatch.1, as man(1) takes it. To read it: taskwatch man | man -l -
                To have man find it, write it into man1 of a folder of MANPATH.
                """,
                List.of(),
                Operands.NONE);
    }

    @Override
    public int run(Arguments arguments) {
        System.out.print(new ManualPage(commands.get(), COMMON).text());
        return 0;
    }
}
