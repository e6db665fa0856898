// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.launcher.log;

import static org.assertj.core.api.Assertions.assertThat;

import org.jspecify.annotations.Nullable;
import org.junit.Test;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.logging.Level;
import java.util.logging.LogRecord;

public class LogFormatterTest {
    private static String format(String message) {
        return format(message, null);
    }

    private static String format(String message, @Nullable Throwable thrown) {
        LogRecord entry = new LogRecord(Level.WARNING, message);
        entry.setInstant(Instant.EPOCH);
        entry.setLoggerName("org.taskwatch.core.Lane");
        entry.setThrown(thrown);
        return new LogFormatter().format(entry);
    }

    private static int bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8).length;
    }

    @Test
    public void shouldSayWhenWhatAndWho() {
        assertThat(format("all is well \\ \u00e9"))
                .isEqualTo("1970-01-01T00:00:00.000Z WARNING Lane: all is well \\ \u00e9\n");
    }

    @Test
    public void shouldLetNoSecondLineLookLikeARecord() {
        String forged = "x\n1970-01-01T00:00:00.000Z ERROR Lane: forged\r\n\n\u2028y\n";
        Throwable thrown = new IllegalStateException(forged, new RuntimeException(forged));

        List<String> lines = format(forged, thrown).lines().toList();

        assertThat(lines).filteredOn(line -> line.contains("Caused by: ")).isNotEmpty();
        assertThat(lines.subList(1, lines.size()))
                .isNotEmpty()
                .allMatch(line -> line.startsWith(" ") || line.startsWith("\t"));
    }

    @Test
    public void shouldEscapeWhatSteersATerminalOrTurnsItsDirection() {
        assertThat(format("\u001b[2J\u202e\r\u0085\u200f\ufeff\udc80\ud83d\ud83d\ude00"))
                .endsWith(
                        "Lane:"
                            + " \\u{1b}[2J\\u{202e}\\r\\u{85}\\u{200f}\\u{feff}\\x80\\u{d83d}\ud83d\ude00\n");
        assertThat(format("x", new IllegalStateException("\u001b[2J"))).doesNotContain("\u001b");
    }

    @Test
    public void shouldCutARecordAtItsBoundAndSayHowMuch() {
        for (String unit : List.of("a", "\u00e9", "\u20ac", "\ud83d\ude00", "\u001b", "a\n")) {
            String text = format(unit.repeat(100_000));

            assertThat(bytes(text)).isBetween(LogFormatter.MAX_BYTES - 100, LogFormatter.MAX_BYTES);
            assertThat(text).containsPattern(" \\.\\.\\. \\(\\d{5,6} characters were cut\\)\n$");
        }
        String whole = "a".repeat(LogFormatter.MAX_BYTES - 200);
        assertThat(format(whole)).endsWith(whole + "\n");
    }

    @Test
    public void shouldCountTheStackTraceIntoTheBound() {
        Throwable thrown = new IllegalStateException("x".repeat(1 << 20));
        assertThat(bytes(format("y", thrown))).isLessThanOrEqualTo(LogFormatter.MAX_BYTES);
    }

    @Test
    public void shouldBearAThrowableWhoseOwnMethodsFail() {
        Throwable thrown =
                new RuntimeException() {
                    private static final long serialVersionUID = 1L;

                    @Override
                    public String getMessage() {
                        throw new IllegalStateException();
                    }
                };
        assertThat(format("m", thrown)).contains("Lane: m\n", "no text can be had");
    }
}
