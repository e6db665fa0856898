// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.launcher.log;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.Test;

import java.util.logging.Level;
import java.util.logging.LogRecord;

public class JournalFormatterTest {
    private static String format(Level level, String message) {
        LogRecord entry = new LogRecord(level, message);
        entry.setLoggerName("org.taskwatch.core.Lane");
        return new JournalFormatter().format(entry);
    }

    @Test
    public void shouldPutThePriorityInFrontOfEachLine() {
        assertThat(format(Level.WARNING, "it has failed\nas follows"))
                .matches("<4>WARNING Lane: it has failed\n<4>\\s+as follows\n");
    }

    @Test
    public void shouldHaveThePrioritiesOfSyslog() {
        assertThat(format(Level.SEVERE, "x")).isEqualTo("<3>ERROR Lane: x\n");
        assertThat(format(Level.INFO, "x")).isEqualTo("<6>INFO Lane: x\n");
        assertThat(format(Level.FINE, "x")).isEqualTo("<7>FINE Lane: x\n");
    }

    @Test
    public void shouldLetNoMessageChooseAPriority() {
        assertThat(format(Level.INFO, "x\n<0>y").lines()).allMatch(line -> line.startsWith("<6>"));
    }
}
