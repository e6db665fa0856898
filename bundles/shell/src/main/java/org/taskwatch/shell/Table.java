// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.shell;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.regex.Pattern;

/// Rows of text in aligned columns, below a header. A column of numbers, or of `-` where there is
/// none, is aligned to the right. For one thread.
public final class Table {
    private static final String GAP = "  ";

    private static final Pattern NUMBER = Pattern.compile("-|-?\\d+(\\.\\d+)?");

    private final List<List<String>> rows = new ArrayList<>();

    /// Makes a table without rows.
    ///
    /// @param header the names of the columns
    public Table(String... header) {
        rows.add(List.of(header));
    }

    /// Adds a row.
    ///
    /// @param cells the value of each column
    public void row(Object... cells) {
        List<String> row = new ArrayList<>();
        for (Object cell : cells) {
            row.add(TaskText.printable(cell.toString()));
        }
        rows.add(row);
    }

    /// {@return the lines of the table, each ended by a line feed}
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        forEachLine(line -> text.append(line).append('\n'));
        return text.toString();
    }

    /// Prints the lines of the table, one by one: no text of megabytes is made of a long one.
    ///
    /// @param out takes the lines
    public void print(PrintStream out) {
        forEachLine(line -> out.append(line).append('\n'));
    }

    private void forEachLine(Consumer<CharSequence> consumer) {
        int columns = rows.getFirst().size();
        int[] widths = new int[columns];
        boolean[] numeric = new boolean[columns];
        for (int column = 0; column < columns; column++) {
            int c = column;
            widths[c] = rows.stream().mapToInt(row -> row.get(c).length()).max().orElse(0);
            numeric[c] =
                    rows.stream().skip(1).allMatch(row -> NUMBER.matcher(row.get(c)).matches());
        }
        widths[columns - 1] =
                numeric[columns - 1] ? widths[columns - 1] : 0; // nothing comes behind
        for (List<String> row : rows) {
            StringBuilder line = new StringBuilder();
            for (int c = 0; c < columns; c++) {
                String padding = " ".repeat(Math.max(0, widths[c] - row.get(c).length()));
                line.append(numeric[c] ? padding : row.get(c))
                        .append(numeric[c] ? row.get(c) : padding)
                        .append(GAP);
            }
            consumer.accept(line.toString().stripTrailing());
        }
    }
}
