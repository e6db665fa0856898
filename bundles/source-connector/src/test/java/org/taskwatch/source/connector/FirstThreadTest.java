// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.source.connector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.Assume.assumeNoException;

import org.junit.After;
import org.junit.Before;
import org.junit.Test;
import org.junit.runner.RunWith;
import org.junit.runners.Parameterized;
import org.junit.runners.Parameterized.Parameters;
import org.taskwatch.api.TaskEvent;
import org.taskwatch.source.Demand;
import org.taskwatch.source.SourceException;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;

/// Processes whose first thread exits before the others, on the live kernel: watched by a descriptor,
/// and asked in turn.
@RunWith(Parameterized.class)
public class FirstThreadTest {
    private static final Demand NO_THREADS =
            new Demand(Set.of(TaskEvent.values()), false, Set.of(), false, false);

    private final ConnectorSource source;
    private final Records records = new Records();

    /// Makes the test.
    ///
    /// @param limit how many descriptors there may be
    public FirstThreadTest(int limit) {
        source = new ConnectorSource(64 << 20, 200, 0, limit);
    }

    /// {@return many, and none}
    @Parameters(name = "{0} descriptors")
    public static List<Integer> limits() {
        return List.of(1_000, 0);
    }

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

    static Process start(String mode) throws Exception {
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
                                && counter("pidfds") + counter("unwatched") >= 1);
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

    @Test
    public void shouldRecordTheExitAfterTheLastThreadWhileThreadsAreNotWanted() throws Exception {
        source.demand(NO_THREADS);
        Process process = startAndLeave();
        assertThat(exits(process)).isEmpty();

        end(process);
        readUntilFreed(process);
        assertThat(records.of(process.pid()))
                .endsWith("exited 0 " + process.pid(), "freed " + process.pid())
                .contains("thread exited 1792 " + process.pid());
        assertThat(exits(process)).hasSize(1);
    }

    @Test
    public void shouldRecordTheExitAgainAfterTheLastThreadIfTheyAreNotWantedSinceTheFirstHasLeft()
            throws Exception {
        Process process = startAndLeave();
        assertThat(exits(process)).containsExactly("exited 0 " + process.pid());
        source.demand(NO_THREADS);

        end(process);
        readUntilFreed(process);
        assertThat(records.of(process.pid()))
                .endsWith("exited -1 " + process.pid(), "freed " + process.pid());
        assertThat(exits(process)).hasSize(2);
    }

    @Test
    public void shouldRecordTheExitOnceIfThreadsAreWantedSinceTheFirstHasLeft() throws Exception {
        source.demand(NO_THREADS);
        Process process = startAndLeave();
        source.demand(Demand.ALL);

        end(process);
        readUntilFreed(process);
        assertThat(exits(process)).containsExactly("exited 0 " + process.pid());
    }

    @Test
    public void shouldRecordOneExitOfAProcessThatExecutesFromAnotherThreadWhileThreadsAreNotWanted()
            throws Exception {
        source.demand(NO_THREADS);
        Process process = start("execute");
        readUntilFreed(process);

        assertThat(exits(process)).containsExactly("exited 768 " + process.pid());
        assertThat(records.of(process.pid()))
                .endsWith(
                        "executed " + process.pid(),
                        "exited 768 " + process.pid(),
                        "freed " + process.pid())
                .noneMatch(line -> line.startsWith("thread cloned"));
    }

    private long counter(String name) {
        return source.counters().getOrDefault(name, 0L);
    }

    /// Starts a process whose first thread leaves, and reads all that has come of that.
    private Process startAndLeave() throws Exception {
        Process process = start("leave");
        assertThat(process.inputReader().readLine()).isEqualTo("left");
        Process mark = new ProcessBuilder("/bin/true").start();
        readUntilFreed(mark);
        return process;
    }

    private void readUntilFreed(Process process) throws SourceException {
        records.readUntil(source, () -> records.has("freed " + process.pid()));
    }

    private List<String> exits(Process process) {
        return records.of(process.pid()).stream()
                .filter(line -> line.startsWith("exited"))
                .toList();
    }

    private long count(long pid, String what) {
        return records.of(pid).stream().filter(line -> line.startsWith(what)).count();
    }

    static void end(Process process) throws IOException {
        process.getOutputStream().close();
    }
}
