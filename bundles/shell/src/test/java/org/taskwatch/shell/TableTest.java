// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.shell;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.Test;
import org.taskwatch.control.Style;
import org.taskwatch.control.Tone;

public class TableTest {
    private static final int MANY = 100;

    private final Table table = new Table("NAME", "STATE", "COUNT", "TEXT");

    private static Style wide(int columns) {
        return new Style(false, columns);
    }

    @Test
    public void shouldBePlainAndAsWideAsItIsWhereItGoesIntoAPipe() {
        table.row("a", new Cell(Tone.BAD, "STUCK"), 12, "x".repeat(MANY));
        table.row("bcdef", "", 1, "");

        assertThat(table.toString())
                .isEqualTo(
                        "NAME   STATE  COUNT  TEXT\n"
                                + "a      STUCK     12  "
                                + "x".repeat(MANY)
                                + "\nbcdef             1\n");
    }

    @Test
    public void shouldColourTheHeaderAndWhatHasATone() {
        table.row("a", new Cell(Tone.GOOD, "LIVE"), 1, "b");

        assertThat(table.shown(new Style(true, 0)).replace('\u001b', '^'))
                .isEqualTo(
                        "^[1mNAME^[0m  ^[1mSTATE^[0m  ^[1mCOUNT^[0m  ^[1mTEXT^[0m\n"
                                + "a     ^[32mLIVE^[0m       1  b\n");
    }

    @Test
    public void shouldCutTheWidestColumnOfTextAndNotTheNameAndNoNumber() {
        table.row("n".repeat(30), "LIVE", 1, "x".repeat(MANY));

        assertThat(table.shown(wide(80)).lines())
                .last()
                .isEqualTo("n".repeat(30) + "  LIVE       1  " + "x".repeat(33) + "…")
                .matches(line -> Columns.of(line) == 80);
    }

    @Test
    public void shouldCutTheEndsOfLinesWhereColumnsCanNotBeCutAnyMore() {
        table.row("n".repeat(30), new Cell(Tone.GOOD, "LIVE"), 1, "x".repeat(MANY));

        assertThat(table.shown(wide(35)).lines())
                .containsExactly("NAME" + " ".repeat(28) + "ST…", "n".repeat(30) + "  LI…");
        assertThat(table.shown(new Style(true, 35)))
                .endsWith("  \u001b[32mLI\u001b[0m…\n"); // the colour ends before the line does
    }

    @Test
    public void shouldFitIntoAnyWidth() {
        table.row("名前".repeat(8), "LIVE", Long.MIN_VALUE, "文".repeat(MANY));
        table.row("", "", 0, "");

        for (int columns = 1; columns <= 3 * MANY; columns++) {
            int most = columns;
            assertThat(table.shown(wide(columns)).lines())
                    .hasSize(3)
                    .allMatch(line -> Columns.of(line) <= most);
        }
        assertThat(table.shown(wide(1))).isEqualTo("…\n…\n…\n");
        assertThat(new Table("ONE").shown(wide(2))).isEqualTo("O…\n");
    }

    @Test
    public void shouldCountTheColumnsOfWideAndOfCombiningCharacters() {
        table.row("名前", "a\u0308bc", 1, "x");
        table.row("name", "abc", 1, "文字文字文字文字文字文字文字文字");

        assertThat(table.toString().lines())
                .containsExactly(
                        "NAME  STATE  COUNT  TEXT",
                        "名前  a\u0308bc        1  x",
                        "name  abc        1  文字文字文字文字文字文字文字文字");
        assertThat(table.shown(wide(46)).lines())
                .last()
                .isEqualTo("name  abc        1  文字文字文字文字文字文字…"); // 45: no half characters
    }

    @Test
    public void shouldLetNoTextBringEscapesIn() {
        table.row("\u001b[31mred", new Cell(Tone.BAD, "\u009b1m\nlost"), 1, "\r\u0007\u202e");

        assertThat(table.shown(new Style(true, 0)).lines().skip(1))
                .containsExactly(
                        "\\u{1b}[31mred  \u001b[31m\\u{9b}1m\\nlost\u001b[0m      1 "
                                + " \\r\\u{7}\\u{202e}");
        assertThat(table.shown(wide(16)).chars()).allMatch(c -> c >= ' ' || c == '\n');
    }
}
