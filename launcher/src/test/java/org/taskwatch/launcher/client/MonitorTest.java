// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.launcher.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;
import org.taskwatch.launcher.base.Base;
import org.taskwatch.launcher.failure.Failure;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.List;

public class MonitorTest {
    @Rule public TemporaryFolder temporary = new TemporaryFolder();

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private Base base;

    @Before
    public void create() {
        base = new Base(temporary.getRoot().toPath());
        base.create();
    }

    private int run(FakeInstance.Script script, String... command) throws Exception {
        try (FakeInstance instance = new FakeInstance(base, script);
                ControlClient client = ControlClient.connect(base)) {
            int status =
                    new Monitor(List.of(command), client, out)
                            .run(List.of("monitor", "--threads", "7"));
            assertThat(instance.requests()).containsExactly("C monitor|--threads|7");
            return status;
        }
    }

    @Test
    public void shouldExitWithTheStatusOfTheCommand() throws Exception {
        FakeInstance.Script follow =
                client -> {
                    FakeInstance.send(client, 'O', "one ");
                    FakeInstance.send(client, 'O', "two");
                    FakeInstance.exit(client, 0);
                };
        assertThat(run(follow, "/bin/sh", "-c", "exit 7")).isEqualTo(7);
        assertThat(out.toString()).isEqualTo("one two");
    }

    @Test
    public void shouldTellTheSignalThatHasEndedTheCommand() throws Exception {
        assertThat(run(following(), "/bin/sh", "-c", "kill -9 $$")).isEqualTo(128 + 9);
    }

    private static FakeInstance.Script following() {
        return client -> {
            FakeInstance.send(client, 'O', "following");
            FakeInstance.exit(client, 0);
        };
    }

    @Test
    public void shouldNotStartTheCommandBeforeTheInstanceFollows() throws Exception {
        Path mark = temporary.getRoot().toPath().resolve("mark");
        assertThat(run(client -> FakeInstance.exit(client, 1), "/bin/sh", "-c", ": >" + mark))
                .isEqualTo(1);
        assertThat(mark).doesNotExist();
    }

    @Test
    public void shouldNeverStartTheCommandAfterASignal() throws Exception {
        Path mark = temporary.getRoot().toPath().resolve("mark");
        try (FakeInstance _ = new FakeInstance(base, MonitorTest::terminate);
                ControlClient client = ControlClient.connect(base)) {
            Monitor monitor = new Monitor(List.of("/bin/sh", "-c", ": >" + mark), client, out);

            assertThat(monitor.run(List.of("monitor", "7"))).isEqualTo(128 + 15);
            assertThatThrownBy(() -> monitor.write(new byte[1]))
                    .as("what had come already is read after the signal")
                    .isInstanceOf(Failure.class);
            assertThat(mark).doesNotExist();
        }
    }

    /// Sends SIGTERM to this process, which has to close the session.
    private static void terminate(SocketChannel client) throws IOException {
        new ProcessBuilder("kill", "-TERM", "" + ProcessHandle.current().pid()).start();
        client.read(ByteBuffer.allocate(1));
    }

    @Test
    public void shouldLetTheCommandGoOnWhenTheInstanceGoesAway() throws Exception {
        FakeInstance.Script dying = client -> FakeInstance.send(client, 'O', "following");
        assertThat(run(dying, "/bin/sh", "-c", "exit 5")).isEqualTo(5);
    }

    private void assertFails(int status, String message, String program) {
        assertThatThrownBy(() -> run(following(), program))
                .isInstanceOfSatisfying(
                        Failure.class, e -> assertThat(e.status()).isEqualTo(status))
                .hasMessage(message);
    }

    @Test
    public void shouldTellThatACommandIsNotThere() {
        assertFails(127, "cannot run /no/such: No such file or directory", "/no/such");
    }

    @Test
    public void shouldTellThatACommandCannotBeExecuted() {
        assertFails(126, "cannot run /tmp: Permission denied", "/tmp");
    }
}
