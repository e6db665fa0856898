// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.controlfs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import static java.nio.charset.StandardCharsets.UTF_8;

import org.junit.After;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;
import org.taskwatch.api.file.ControlFile;
import org.taskwatch.api.file.OpenFile;
import org.taskwatch.api.file.TextFile;
import org.taskwatch.linux.FuseDevice;
import org.taskwatch.testing.Needs;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/// A server of a mounted file system, and programs that use it.
public class ServerTest {
    @Rule public final TemporaryFolder temporary = new TemporaryFolder();

    private final List<Contribution> served = new ArrayList<>();
    private final List<String> told = new CopyOnWriteArrayList<>();
    private final CountDownLatch mayLeave = new CountDownLatch(1);
    private final List<Process> started = new ArrayList<>();
    private volatile Tree tree = new Tree();
    private Mountpoint point;
    private Server server;

    @Before
    public void serve() throws IOException {
        Needs.root();
        Needs.fuse();
        point = new Mountpoint(temporary.getRoot().toPath());
        FuseDevice device = point.mount();
        Lookups lookups = new Lookups(() -> tree, point.uid(), point.gid());
        server = new Server(device, point.uid(), lookups, new Files(() -> tree, device::send));
        server.start();
    }

    @After
    public void end() throws Exception {
        mayLeave.countDown();
        if (server != null) {
            server.stop();
            point.unmount();
        }
        started.forEach(Process::destroyForcibly);
    }

    private void add(String name, ControlFile file) {
        served.add(new Contribution(Node.FIRST + served.size(), name, 0666, file));
        tree = new Tree(tree, served, () -> 99);
    }

    private Process start(String... command) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(command).directory(temporary.getRoot());
        builder.environment().put("LC_ALL", "C");
        Process process = builder.redirectErrorStream(true).start();
        started.add(process);
        return process;
    }

    /// {@return what a program writes, errors too}
    private String run(String... command) throws Exception {
        Process process = start(command);
        assertThat(process.waitFor(20, TimeUnit.SECONDS)).as(List.of(command).toString()).isTrue();
        return new String(process.getInputStream().readAllBytes(), UTF_8);
    }

    /// Hangs in each read until the test ends, and notes that it was interrupted.
    private OpenFile hanging() {
        return new OpenFile() {
            @Override
            public ByteBuffer read(long offset, int size, boolean wait) {
                told.add("inside");
                while (mayLeave.getCount() > 0) {
                    try {
                        mayLeave.await();
                    } catch (InterruptedException _) {
                        told.add("interrupted");
                    }
                }
                return ByteBuffer.allocate(0);
            }
        };
    }

    private void awaitTold(String what) {
        await().atMost(Duration.ofSeconds(20)).untilAsserted(() -> assertThat(told).contains(what));
    }

    @Test
    public void shouldServeNamesAndContents() throws Exception {
        add("dir/text", _ -> new TextFile(() -> "hello\n"));

        assertThat(run("cat", "fs/dir/text")).isEqualTo("hello\n");
        assertThat(run("ls", "fs", "fs/dir")).isEqualTo("fs:\ndir\n\nfs/dir:\ntext\n");
        assertThat(run("cat", "fs/none")).contains("No such file or directory");
    }

    @Test
    public void shouldHandOnWhatIsWritten() throws Exception {
        add("text", _ -> new TextFile(() -> "", told::add));

        assertThat(run("sh", "-c", "echo hello > fs/text")).isEmpty();

        assertThat(told).containsExactly("hello");
    }

    @Test
    public void shouldServeOthersWhileABundleHangs() throws Exception {
        add("hanging", _ -> hanging());
        add("text", _ -> new TextFile(() -> "hello"));
        start("cat", "fs/hanging");
        awaitTold("inside");

        assertThat(run("cat", "fs/text")).isEqualTo("hello");
        assertThat(told).doesNotContain("interrupted");
    }

    @Test
    public void shouldInterruptTheCallOfAClientThatIsKilledAndLetItDieThoughTheBundleHangs()
            throws Exception {
        add("hanging", _ -> hanging());
        Process client = start("cat", "fs/hanging");
        awaitTold("inside");

        client.destroyForcibly();

        assertThat(client.waitFor(20, TimeUnit.SECONDS)).isTrue();
        awaitTold("interrupted");
        assertThat(mayLeave.getCount()).as("the bundle is still inside").isOne();
    }

    @Test
    public void shouldTellAFailureOfABundleAsAnErrorAndGoOn() throws Exception {
        add(
                "failing",
                _ -> {
                    throw new IllegalStateException("on purpose");
                });
        add("text", _ -> new TextFile(() -> "hello"));

        assertThat(run("cat", "fs/failing")).contains("Input/output error");
        assertThat(run("cat", "fs/text")).isEqualTo("hello");
    }

    @Test
    public void shouldCloseWhatItsClientHasClosed() throws Exception {
        add(
                "text",
                _ ->
                        new OpenFile() {
                            @Override
                            public void close() {
                                told.add("closed");
                            }
                        });

        run("sh", "-c", "exec 3< fs/text; exec 3<&-");

        awaitTold("closed");
    }

    @Test
    public void shouldEndTheFileSystemWhenItIsStopped() throws Exception {
        add("hanging", _ -> hanging());
        Process client = start("cat", "fs/hanging");
        awaitTold("inside");

        server.stop();

        assertThat(client.waitFor(20, TimeUnit.SECONDS)).isTrue();
        assertThat(client.exitValue()).isNotZero();
        assertThat(run("ls", "fs")).contains("Transport endpoint is not connected");
    }
}
