// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.control;

import org.apache.commons.cli.help.HelpFormatter;
import org.apache.commons.cli.help.OptionFormatter;
import org.apache.commons.cli.help.TableDefinition;
import org.apache.commons.cli.help.TextHelpAppendable;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;

/// The help of a command.
public final class Help {
    private static final int WIDTH = 100;
    private static final int INDENT = 2;

    private Help() {}

    /// {@return the help, lines with their ends}
    ///
    /// @param declared the command
    /// @param name how the user calls it
    public static String of(Declaration declared, String name) {
        String operands = declared.operands().text();
        StringBuilder text = new StringBuilder("Usage: ").append(name).append(" [OPTION...]");
        text.append(operands.isEmpty() ? "" : " " + operands).append('\n');
        text.append(declared.description());
        try {
            appendOptions(declared, text);
        } catch (IOException e) {
            throw new UncheckedIOException(e); // not of a StringBuilder
        }
        return text.toString();
    }

    private static void appendOptions(Declaration declared, StringBuilder text) throws IOException {
        TextHelpAppendable out = new TextHelpAppendable(text);
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
                formatter.getTableDefinition(Arguments.options(declared).getOptions());
        // A table without heads cannot be made; empty ones give the empty line before it.
        formatter.printOptions(
                TableDefinition.from("", table.columnTextStyles(), List.of("", ""), table.rows()));
    }
}
