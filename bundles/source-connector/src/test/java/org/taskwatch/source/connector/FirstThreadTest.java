// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.source.connector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.Assume.assumeNoException;

import org.junit.After;
import org.junit.Before;
import org.junit.Test;
import org.taskwatch.tasks.SourceException;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/// Processes whose first thread exits before the others, on the live kernel.
public class FirstThreadTest {
    private final ConnectorSource source = new ConnectorSource(64 << 20);
    private final Records records = new Records();

    @Before
    public void open() {
        try {
            source.open();
        } catch (SourceException e) {
            assumeNoException("needs the proc connector", e);
        }
    }

    @After
    public void close() {
        source.close();
    }

    private static Process start(String mode) throws Exception {
        Path classes =
                Path.of(
                        FirstThread.class
                                .getProtectionDomain()
                                .getCodeSource()
                                .getLocation()
                                .toURI());
        return new ProcessBuilder(
                        ProcessHandle.current().info().command().orElseThrow(),
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "--enable-native-access=ALL-UNNAMED",
                        "-cp",
                        classes.toString(),
                        FirstThread.class.getName(),
                        mode)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
    }

    @Test
    public void shouldNotFreeAProcessWhoseFirstThreadHasLeftBeforeItIsReaped() throws Exception {
        Process process = start("leave");
        long pid = process.pid();
        assertThat(process.inputReader().readLine()).isEqualTo("left");
        records.readUntil(
                source,
                () ->
                        records.has("exited 0 " + pid)
                                && source.counters().getOrDefault("pidfds", 0L) >= 1);
        assertThat(records.has("freed " + pid)).isFalse();

        end(process);
        records.readUntil(
                source,
                () ->
                        records.has("freed " + pid)
                                && count(pid, "thread exited") == count(pid, "thread cloned"));
        assertThat(records.of(pid))
                .containsSubsequence("thread cloned " + pid, "exited 0 " + pid, "freed " + pid)
                .contains("thread exited 1792 " + pid);
        assertThat(process.waitFor()).isEqualTo(7);
    }

    @Test
    public void shouldFollowAProcessThatExecutesFromAnotherThread() throws Exception {
        Process process = start("execute");
        long pid = process.pid();
        records.readUntil(source, () -> records.has("freed " + pid));

        assertThat(process.waitFor()).isEqualTo(3);
        List<String> ends =
                records.of(pid).stream()
                        .map(line -> line.startsWith("exited") ? "exited" : line)
                        .filter(line -> !line.startsWith("thread"))
                        .toList();
        assertThat(ends)
                .endsWith("exited", "executed " + pid, "exited", "freed " + pid)
                .containsOnlyOnce("freed " + pid);
        assertThat(records.has("exited 768 " + pid)).isTrue();
    }

    private long count(long pid, String what) {
        return records.of(pid).stream().filter(line -> line.startsWith(what)).count();
    }

    private static void end(Process process) throws IOException {
        process.getOutputStream().close();
    }
}
