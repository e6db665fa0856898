// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.shell;

import org.taskwatch.control.Style;
import org.taskwatch.control.Tone;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/// Rows of text in aligned columns, below a header. A column of numbers, or of `-` where there is
/// none, is aligned to the right. Where lines may not be as long as they are, the widest columns of
/// text are cut, but not the first, by which rows are known; then the ends of the lines. For one thread.
public final class Table {
    private static final String GAP = "  ";

    /// What is left of a column at least.
    private static final int LEAST = 24;

    private static final Pattern NUMBER = Pattern.compile("-|-?\\d+(\\.\\d+)?");

    private final List<List<Cell>> rows = new ArrayList<>();

    /// Makes a table without rows.
    ///
    /// @param header the names of the columns
    public Table(String... header) {
        rows.add(Stream.of(header).map(name -> new Cell(Tone.STRONG, name)).toList());
    }

    /// Adds a row.
    ///
    /// @param cells the value of each column: a [Cell], or anything
    public void row(Object... cells) {
        List<Cell> row = new ArrayList<>();
        for (Object cell : cells) {
            row.add(
                    cell instanceof Cell(Tone tone, String text)
                            ? new Cell(tone, TaskText.printable(text))
                            : new Cell(null, TaskText.printable(cell.toString())));
        }
        rows.add(row);
    }

    /// {@return the lines of the table, plain, each ended by a line feed}
    @Override
    public String toString() {
        return shown(Style.PLAIN);
    }

    /// {@return the lines of the table, each ended by a line feed}
    ///
    /// @param style how they are shown
    public String shown(Style style) {
        StringBuilder text = new StringBuilder();
        forEachLine(style, line -> text.append(line).append('\n'));
        return text.toString();
    }

    /// Prints the lines of the table, one by one: no text of megabytes is made of a long one.
    ///
    /// @param out takes the lines
    /// @param style how they are shown
    public void print(PrintStream out, Style style) {
        forEachLine(style, line -> out.append(line).append('\n'));
    }

    private void forEachLine(Style style, Consumer<CharSequence> consumer) {
        int columns = rows.getFirst().size();
        int[] widths = new int[columns];
        boolean[] numeric = new boolean[columns];
        for (int column = 0; column < columns; column++) {
            int c = column;
            widths[c] =
                    rows.stream().mapToInt(row -> Columns.of(row.get(c).text())).max().orElse(0);
            numeric[c] =
                    rows.stream()
                            .skip(1)
                            .allMatch(row -> NUMBER.matcher(row.get(c).text()).matches());
        }
        if (style.columns() > 0) {
            narrow(widths, numeric, style.columns());
        }
        for (List<Cell> row : rows) {
            consumer.accept(line(row, widths, numeric).shown(style));
        }
    }

    /// Takes columns of the terminal from the widest text, one by one.
    private static void narrow(int[] widths, boolean[] numeric, int most) {
        int excess = Arrays.stream(widths).sum() + GAP.length() * (widths.length - 1) - most;
        for (; excess > 0; excess--) {
            int widest =
                    IntStream.range(1, widths.length)
                            .filter(c -> !numeric[c])
                            .reduce((a, b) -> widths[b] >= widths[a] ? b : a)
                            .orElse(-1);
            if (widest < 0 || widths[widest] <= LEAST) {
                return; // the ends of the lines are cut
            }
            widths[widest]--;
        }
    }

    private static Line line(List<Cell> row, int[] widths, boolean[] numeric) {
        Line line = new Line();
        String gap = "";
        for (int c = 0; c < widths.length; c++) {
            Cell cell = row.get(c);
            String text = Columns.cut(cell.text().stripTrailing(), Math.max(1, widths[c]));
            String padding = " ".repeat(Math.max(0, widths[c] - Columns.of(text)));
            gap += numeric[c] ? padding : "";
            if (!text.isEmpty()) { // else nothing may come behind
                line.add(gap).add(cell.tone(), text);
                gap = "";
            }
            gap += numeric[c] || c == widths.length - 1 ? GAP : padding + GAP;
        }
        return line;
    }
}
