// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.source.connector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.Assume.assumeNoException;
import static org.junit.Assume.assumeTrue;

import org.junit.After;
import org.junit.Before;
import org.junit.Test;
import org.taskwatch.linux.Niceness;
import org.taskwatch.source.SourceException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// The proc connector of the kernel that runs the test, where this user may listen to it.
public class ConnectorSourceTest {
    private static final long SELF = ProcessHandle.current().pid();

    private final ConnectorSource source = new ConnectorSource(64 << 20, 200, 0, 1_000);
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

    @Test
    public void shouldPreferTheThreadThatReadsWhileItIsOpen() throws Exception {
        source.close();
        int before = Niceness.get();
        ConnectorSource preferred = new ConnectorSource(64 << 20, 200, before - 1, 1_000);
        preferred.open();
        int inside = Niceness.get();
        preferred.close();

        assertThat(Niceness.get()).isEqualTo(before);
        assumeTrue("needs CAP_SYS_NICE", inside != before);
        assertThat(inside).isEqualTo(before - 1);
    }

    @Test
    public void shouldSayWhichSettingMakesNoSense() {
        assertThatThrownBy(new ConnectorSource(64 << 20, 0, 0, 1_000)::open)
                .isInstanceOf(SourceException.class)
                .hasMessageStartingWith("wake.rate is 0");
        assertThatThrownBy(new ConnectorSource(64 << 20, 100, 0, -1)::open)
                .isInstanceOf(SourceException.class)
                .hasMessageStartingWith("pidfds is -1; in etc/");
    }

    private record Configuration(
            String receive_buffer, String wake_rate, String nice, String pidfds)
            implements ConnectorSource.Config {
        @Override
        public Class<ConnectorSource.Config> annotationType() {
            return ConnectorSource.Config.class;
        }
    }

    @Test
    public void shouldSayWhichSettingsAreNoNumbers() {
        assertThatThrownBy(
                        new ConnectorSource(new Configuration("64M", " 100 ", "low", "1000"))::open)
                .isInstanceOf(SourceException.class)
                .hasMessage(
                        "receive.buffer is 64M; in etc/org.taskwatch.source.connector.cfg set it to"
                            + " a number, 1 or more; nice is low; in"
                            + " etc/org.taskwatch.source.connector.cfg set it to a number, -20 or"
                            + " more");
    }

    @Test
    public void shouldRecordTheLifeOfAProcessInOrder() throws Exception {
        Process process = new ProcessBuilder("/bin/sh", "-c", "exit 3").start();
        long pid = process.pid();
        records.readUntil(source, () -> records.has("freed " + pid));

        assertThat(records.of(pid))
                .startsWith("cloned by " + SELF + " " + pid)
                .contains("executed " + pid)
                .endsWith("exited 768 " + pid, "freed " + pid);
    }

    /// Each EXEC is held up until the process has ended, so all that it has executed is queued.
    @Test
    public void shouldKnowAtAnExecThatTheProcessHasExecutedAgain() throws Exception {
        Process process =
                new ProcessBuilder("/bin/sh", "-c", "exec /bin/sh -c 'exec /bin/sh -c :'").start();
        long pid = process.pid();
        records.whenExecuted =
                executed -> {
                    if (executed == pid) {
                        process.onExit().join();
                    }
                };
        records.readUntil(source, () -> records.has("freed " + pid));

        String again = "executed and again " + pid;
        assertThat(records.of(pid).stream().filter(line -> line.startsWith("executed")))
                .hasSizeGreaterThanOrEqualTo(3)
                .endsWith(again, again, "executed " + pid);
    }

    @Test
    public void shouldRecordADeathBySignal() throws Exception {
        Process process = new ProcessBuilder("/bin/sh", "-c", "kill -9 $$").start();
        long pid = process.pid();
        records.readUntil(source, () -> records.has("freed " + pid));

        assertThat(records.of(pid)).contains("exited 9 " + pid);
    }

    @Test
    public void shouldNotFreeAProcessBeforeItIsReaped() throws Exception {
        Zombies zombies = new Zombies(1);
        String child = zombies.pids().getFirst();
        records.readUntil(source, () -> records.has("exited 768 " + child) && open("pidfds") >= 1);
        assertThat(records.has("freed " + child)).isFalse();

        zombies.close();
        records.readUntil(source, () -> records.has("freed " + child));
        assertThat(records.of(Long.parseLong(child)))
                .endsWith("exited 768 " + child, "freed " + child);
    }

    @Test
    public void shouldRecordAChangeOfIds() throws Exception {
        assumeTrue("needs setpriv", Files.isExecutable(Path.of("/usr/bin/setpriv")));
        assumeTrue("needs root", Files.getAttribute(Path.of("/proc/self"), "unix:uid").equals(0));
        Process process =
                new ProcessBuilder(
                                List.of(
                                        "/usr/bin/setpriv",
                                        "--reuid=65534",
                                        "--regid=65534",
                                        "--clear-groups",
                                        "/bin/true"))
                        .start();
        long pid = process.pid();
        records.readUntil(source, () -> records.has("freed " + pid));

        assertThat(records.of(pid)).contains("user 65534,65534 " + pid, "group 65534,65534 " + pid);
    }

    @Test
    public void shouldReturnFromEachReceiveThatItIsWokenFor() throws Exception {
        for (int i = 0; i < 3; i++) {
            Thread waker = new Thread(source::wake);
            waker.start();
            source.receive(records, Integer.MAX_VALUE);
            waker.join();
        }
        source.close();
        source.wake();
    }

    @Test
    public void shouldCountWhatTheKernelCounts() throws Exception {
        source.receive(records, 0);

        assertThat(source.counters())
                .containsKeys("drops", "queuedBytes", "receiveBuffer", "pidfds", "unwatched");
        assertThat(open("receiveBuffer")).isPositive();
    }

    @Test
    public void shouldGiveBackWhatItHasOpened() throws Exception {
        source.close();
        long before = openFiles();
        source.open();
        assertThat(openFiles()).isGreaterThan(before);
        source.close();
        source.close();

        assertThat(openFiles()).isEqualTo(before);
        assertThat(source.counters()).isEmpty();
        assertThatThrownBy(() -> source.receive(records, 0)).hasMessageContaining("not open");
    }

    private long open(String counter) {
        return source.counters().getOrDefault(counter, 0L);
    }

    private static long openFiles() throws IOException {
        try (var files = Files.list(Path.of("/proc/self/fd"))) {
            return files.count();
        }
    }
}
