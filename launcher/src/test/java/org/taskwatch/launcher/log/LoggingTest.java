// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.launcher.log;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.Test;

import java.io.IOException;
import java.util.logging.Level;
import java.util.logging.LogRecord;

public class LoggingTest {
    @Test
    public void shouldTellItsOwnLoggersFromThoseOfWatchersAndDeployedBundles() {
        assertThat(Logging.isPlatform("org.taskwatch.core.Lane")).isTrue();
        assertThat(Logging.isPlatform("org.apache.felix.scr")).isTrue();
        assertThat(Logging.isPlatform("java.net.http")).isTrue();
        assertThat(Logging.isPlatform("org.taskwatch.watchers.execlog.ExecLog")).isFalse();
        assertThat(Logging.isPlatform("example.RootExecs")).isFalse();
        assertThat(Logging.isPlatform("")).isFalse();
    }

    @Test
    public void shouldTellARecordInOneLineHoweverManyItsMessageAndItsCauseHave() {
        LogRecord entry = new LogRecord(Level.WARNING, "it has failed\nas follows");
        entry.setLoggerName("org.example.Example");
        entry.setThrown(new IOException("outer", new IOException("first\r\nsecond\n\nthird")));

        assertThat(new Logging.ErrorLine().format(entry).strip())
                .isEqualTo(
                        "taskwatch: WARNING Example: it has failed: IOException: first second"
                                + " third");
    }
}
