// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.launcher.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.Assume.assumeTrue;

import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.logging.ErrorManager;
import java.util.logging.Formatter;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.stream.Stream;

public class LogFileTest {
    @Rule public TemporaryFolder temporary = new TemporaryFolder();

    private LogFile open(Path path) throws IOException {
        LogFile log = new LogFile(path, new LogQuota(Long.MAX_VALUE, System::nanoTime));
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
    public void shouldLetNobodyElseReadIt() throws Exception {
        Path path = temporary.getRoot().toPath().resolve("taskwatch.log");
        open(path).close();
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(path)))
                .isEqualTo("rw-------");
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

    @Test
    public void shouldGoOnAfterAThreadHasLoggedThatWasInterrupted() throws Exception {
        Path path = temporary.getRoot().toPath().resolve("taskwatch.log");
        LogFile log = open(path);
        Thread.currentThread().interrupt();
        log.publish(new LogRecord(Level.INFO, "one "));
        assertThat(Thread.interrupted()).isTrue();
        log.publish(new LogRecord(Level.INFO, "two"));
        log.close();
        assertThat(path).hasContent("one two");
    }

    @Test
    public void shouldGoOnAfterItCouldNotBeginANewFile() throws Exception {
        Path path = temporary.getRoot().toPath().resolve("taskwatch.log");
        Path obstacle = path.resolveSibling("taskwatch.log.4").resolve("full");
        Files.createDirectories(obstacle);
        Files.writeString(path.resolveSibling("taskwatch.log.3"), "old");
        List<String> errors = new ArrayList<>();
        LogFile log = open(path);
        log.setErrorManager(
                new ErrorManager() {
                    @Override
                    public void error(String message, Exception e, int code) {
                        errors.add(message);
                    }
                });
        String half = "x".repeat(6 << 20);
        log.publish(new LogRecord(Level.INFO, half));
        log.publish(new LogRecord(Level.INFO, half));
        assertThat(errors).containsExactly("cannot write " + path);
        Files.delete(obstacle);
        Files.delete(obstacle.getParent());
        log.publish(new LogRecord(Level.INFO, "again"));
        log.close();
        assertThat(Files.readString(path)).endsWith("again");
    }

    @Test
    public void shouldKeepTheOldFilesWhileTheNewOneCannotBeMade() throws Exception {
        Path directory = temporary.getRoot().toPath();
        assumeTrue(
                "needs to mount",
                run("mount", "-t", "tmpfs", "-o", "nr_inodes=16", "tmpfs", directory));
        try {
            Path path = directory.resolve("taskwatch.log");
            Files.writeString(path.resolveSibling("taskwatch.log.1"), "older");
            Files.writeString(path.resolveSibling("taskwatch.log.2"), "oldest");
            LogFile log = open(path);
            log.setErrorManager(
                    new ErrorManager() {
                        @Override
                        public void error(String message, Exception e, int code) {}
                    });
            log.publish(new LogRecord(Level.INFO, "young" + "x".repeat((10 << 20) - 5)));
            Path last = useUpInodes(directory);

            for (int i = 0; i < 6; i++) {
                log.publish(new LogRecord(Level.INFO, "lost"));
            }
            Files.delete(last);
            log.publish(new LogRecord(Level.INFO, "again"));
            log.close();

            assertThat(path).content().contains("6 records were lost").endsWith("again");
            assertThat(path.resolveSibling("taskwatch.log.1")).content().startsWith("young");
            assertThat(path.resolveSibling("taskwatch.log.2")).hasContent("older");
            assertThat(path.resolveSibling("taskwatch.log.3")).hasContent("oldest");
        } finally {
            run("umount", "-l", directory);
        }
    }

    private static boolean run(Object... command) throws Exception {
        List<String> words = Stream.of(command).map(Object::toString).toList();
        return new ProcessBuilder(words).start().waitFor() == 0;
    }

    /// {@return the last file that could be made}
    private static Path useUpInodes(Path directory) throws IOException {
        Path last = directory;
        for (int i = 0; true; i++) {
            Path next = directory.resolve("filler" + i);
            try {
                Files.createFile(next);
            } catch (FileSystemException _) {
                return last;
            }
            last = next;
        }
    }

    @Test
    public void shouldCountWhatAFullDiskLosesAndTellItOnceItCanWriteAgain() throws Exception {
        Path path = temporary.getRoot().toPath().resolve("taskwatch.log");
        Files.createSymbolicLink(path, Path.of("/dev/full")); // each write fails with ENOSPC
        LogFile log = new LogFile(path, new LogQuota(Long.MAX_VALUE, System::nanoTime));
        List<String> errors = new ArrayList<>();
        log.setErrorManager(
                new ErrorManager() {
                    @Override
                    public void error(String message, Exception e, int code) {
                        errors.add(message + ": " + e.getMessage());
                    }
                });
        for (int i = 0; i < 3; i++) {
            log.publish(new LogRecord(Level.INFO, "lost"));
        }
        assertThat(errors).containsExactly("cannot write " + path + ": No space left on device");

        Files.delete(path);
        Files.writeString(path, "a torn rec");
        log.publish(new LogRecord(Level.INFO, "again"));
        log.publish(new LogRecord(Level.INFO, "and again"));

        log.close();
        assertThat(Files.readAllLines(path))
                .hasSize(4)
                .satisfiesExactly(
                        line -> assertThat(line).isEqualTo("a torn rec"),
                        line ->
                                assertThat(line)
                                        .contains("WARNING LogFile: 3 records were lost since ")
                                        .contains("No space left on device"),
                        line -> assertThat(line).endsWith(" again"),
                        line -> assertThat(line).endsWith(" and again"));
    }

    @Test
    public void shouldNotBeFilledByOneLogger() throws Exception {
        Path path = temporary.getRoot().toPath().resolve("taskwatch.log");
        LogFile log = new LogFile(path, new LogQuota(64 << 10, System::nanoTime));
        for (int i = 0; i < 100_000; i++) {
            LogRecord entry = new LogRecord(Level.WARNING, "provoked again and again");
            entry.setLoggerName("noisy");
            log.publish(entry);
        }
        LogRecord other = new LogRecord(Level.WARNING, "still heard");
        other.setLoggerName("other");
        log.publish(other);
        log.close();

        assertThat(Files.size(path)).isLessThan(66 << 10);
        assertThat(path).content().contains("noisy has logged 64 KiB", "other: still heard");
    }
}
