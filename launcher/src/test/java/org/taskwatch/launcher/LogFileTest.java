// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.logging.Formatter;
import java.util.logging.Level;
import java.util.logging.LogRecord;

public class LogFileTest {
    @Rule public TemporaryFolder temporary = new TemporaryFolder();

    private LogFile open(Path path) throws IOException {
        LogFile log = new LogFile(path);
        log.setFormatter(
                new Formatter() {
                    @Override
                    public String format(LogRecord entry) {
                        return entry.getMessage();
                    }
                });
        return log;
    }

    @Test
    public void shouldBeginANewFileWhenOneIsFullAndKeepFourOld() throws Exception {
        Path path = temporary.getRoot().toPath().resolve("taskwatch.log");
        String half = "x".repeat(6 << 20);
        LogFile log = open(path);
        for (int i = 0; i < 7; i++) {
            log.publish(new LogRecord(Level.INFO, i + half));
        }
        log.close();
        assertThat(temporary.getRoot().list())
                .containsExactlyInAnyOrder(
                        "taskwatch.log",
                        "taskwatch.log.1",
                        "taskwatch.log.2",
                        "taskwatch.log.3",
                        "taskwatch.log.4");
        assertThat(Files.readString(path)).startsWith("6");
        assertThat(Files.readString(path.resolveSibling("taskwatch.log.4"))).startsWith("2");
    }

    @Test
    public void shouldAppendToWhatIsThere() throws Exception {
        Path path = temporary.getRoot().toPath().resolve("taskwatch.log");
        Files.writeString(path, "old ");
        LogFile log = open(path);
        log.publish(new LogRecord(Level.INFO, "new"));
        log.close();
        assertThat(path).hasContent("old new");
    }
}
