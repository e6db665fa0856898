// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.launcher.command;

import org.apache.commons.cli.help.HelpFormatter;
import org.apache.commons.cli.help.OptionFormatter;
import org.apache.commons.cli.help.TableDefinition;
import org.apache.commons.cli.help.TextHelpAppendable;

import java.io.IOException;
import java.util.List;

/// What `--help` prints.
public final class Help {
    private static final int WIDTH = 100;
    private static final int INDENT = 2;

    private Help() {}

    /// Prints the help to the standard output.
    ///
    /// @param name of the command; empty for taskwatch itself
    /// @param command the command
    /// @throws IOException if it can't be written
    public static void print(String name, Command command) throws IOException {
        String operands = command.operands().text();
        System.out.println(
                "Usage: taskwatch "
                        + (name.isEmpty() ? "COMMAND" : name)
                        + " [OPTION...]"
                        + (operands.isEmpty() ? "" : " " + operands));
        System.out.print(command.description());
        printOptions(command);
    }

    private static void printOptions(Command command) throws IOException {
        TextHelpAppendable out = new TextHelpAppendable(System.out);
        out.setMaxWidth(WIDTH);
        out.setLeftPad(INDENT);
        HelpFormatter formatter =
                HelpFormatter.builder()
                        .setHelpAppendable(out)
                        .setShowSince(false)
                        .setOptionFormatBuilder(
                                OptionFormatter.builder().setArgumentNameDelimiters("", ""))
                        .get();
        TableDefinition table =
                formatter.getTableDefinition(Arguments.options(command).getOptions());
        // A table without heads cannot be made; empty ones give the empty line before it.
        formatter.printOptions(
                TableDefinition.from("", table.columnTextStyles(), List.of("", ""), table.rows()));
    }
}
