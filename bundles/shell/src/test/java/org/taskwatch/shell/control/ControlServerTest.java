// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.shell.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.awaitility.Awaitility.await;

import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.Timeout;
import org.taskwatch.shell.RunningShell;
import org.taskwatch.shell.control.ControlClient.Answer;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// The clients that the server takes and turns away, and its socket from its start to its stop.
public class ControlServerTest {
    @Rule public final RunningShell shell = new RunningShell();
    @Rule public final Timeout timeout = new Timeout(60, TimeUnit.SECONDS);

    @Test
    public void shouldCloseTheConnectionOfAClientThatSpeaksSomethingElse() throws IOException {
        assertThat(isRefused("GET / HTTP/1.1\r\n\r\n".getBytes())).isTrue();
        assertThat(isRefused(new byte[] {'E', 0x7f, 0, 0, 0})).isTrue();
        assertThat(isRefused(new byte[] {'E', (byte) 0xff, 0, 0, 0})).isTrue();
        assertThat(isRefused(new byte[] {'C', 0, 0, 0, 1, 'x'})).isTrue();
        assertThat(isRefused(new byte[] {'Z', 0, 0, 0, 0})).isTrue();
        assertThat(isRefused(new byte[] {'I', 0, 0, 0, 2, '-', 'h'})).isTrue();

        assertThat(shell.execute("echo still here").out()).isEqualTo("still here\n");
    }

    @Test
    public void shouldEndTheCommandOfAClientThatIsGone() throws IOException {
        try (ControlClient client = new ControlClient(shell.socket())) {
            client.send('E', "task:events");
            client.outputUntil("COMMAND\n");
            assertThat(shell.isWatching()).isTrue();
        }

        await().until(() -> !shell.isWatching());
        await().until(() -> sessionThreads().isEmpty());
    }

    @Test
    public void shouldRefuseMoreClientsThanMayBeAndServeAgainWhenOneHasGone() throws IOException {
        List<ControlClient> clients = new ArrayList<>();
        for (int i = 0; i < 64; i++) {
            ControlClient client = new ControlClient(shell.socket());
            client.send('E', "task:events");
            clients.add(client);
        }
        for (ControlClient client : clients) {
            client.outputUntil("COMMAND\n");
        }

        try (ControlClient refused = new ControlClient(shell.socket())) {
            Answer answer = refused.answer();
            assertThat(answer.err()).contains("64 clients are connected").hasLineCount(1);
            assertThat(answer.status()).isEqualTo(1);
        }
        clients.removeFirst().close();
        await().until(() -> shell.execute("echo room").out().equals("room\n"));
        for (ControlClient client : clients) {
            client.close();
        }
    }

    @Test
    public void shouldCloseTheConnectionOfAClientThatNeverSaysWhatItWants() throws IOException {
        try (ControlClient silent = new ControlClient(shell.socket());
                ControlClient half = new ControlClient(shell.socket())) {
            half.write(ByteBuffer.wrap(new byte[] {'E', 0, 0, 1, 0, 'e'}));

            assertThat(silent.isClosedByServer()).isTrue();
            assertThat(half.isClosedByServer()).isTrue();
        }
    }

    @Test
    public void shouldServeManyClientsAtOnce() throws IOException {
        List<ControlClient> clients = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            ControlClient client = new ControlClient(shell.socket());
            clients.add(client);
            client.send('E', "task:events --count 1");
        }
        for (ControlClient client : clients) {
            client.outputUntil("COMMAND\n");
        }

        assertThat(shell.execute("echo me too").out()).isEqualTo("me too\n");
        for (ControlClient client : clients) {
            client.close();
        }
    }

    @Test
    public void shouldEndAllSessionsAndRemoveTheSocketWhenItStops() throws Exception {
        try (ControlClient executing = new ControlClient(shell.socket());
                ControlClient interactive = new ControlClient(shell.socket());
                ControlClient silent = new ControlClient(shell.socket())) {
            executing.send('E', "sleep 1000");
            interactive.send('I', "xterm 80 24");
            interactive.outputUntil("taskwatch>");

            shell.bundle().stop();

            assertThat(Files.exists(shell.socket())).isFalse();
            assertThat(silent.isClosedByServer()).isTrue();
            await().until(() -> sessionThreads().isEmpty());
        }
    }

    @Test
    public void shouldTellAllClientsWhenTheFrameworkStops() throws Exception {
        String stopping =
                "taskwatch: the instance on %s, pid %d, is stopping: it does not answer commands any more\n"
                        .formatted(shell.base(), ProcessHandle.current().pid());
        try (ControlClient executing = new ControlClient(shell.socket());
                ControlClient streaming = new ControlClient(shell.socket());
                ControlClient silent = new ControlClient(shell.socket())) {
            executing.send('E', "sleep 1000");
            streaming.send('E', "task:events");
            streaming.outputUntil("COMMAND\n");

            shell.context().getBundle(0).stop();

            assertThat(executing.answer()).isEqualTo(new Answer("", stopping, 3));
            assertThat(streaming.answer()).isEqualTo(new Answer("", stopping, 3));
            assertThat(silent.answer()).isEqualTo(new Answer("", stopping, 3));
        }
    }

    @Test
    public void shouldSayThatItIsStartingUntilTheLauncherSaysOtherwise() throws Exception {
        System.setProperty("taskwatch.starting", "true");
        try {
            assertThat(shell.execute("task:status"))
                    .extracting(Answer::err, Answer::status)
                    .containsExactly(
                            "taskwatch: the instance on %s, pid %d, is starting: it does not answer commands yet\n"
                                    .formatted(shell.base(), ProcessHandle.current().pid()),
                            3);
        } finally {
            System.clearProperty("taskwatch.starting");
        }
        assertThat(shell.execute("task:status").status()).isZero();
    }

    @Test
    public void shouldStopWhenACommandStopsItsOwnBundle() throws IOException {
        long id = shell.bundle().getBundleId();
        try (ControlClient client = new ControlClient(shell.socket())) {
            client.send('E', "felix:stop " + id);

            assertThat(client.isClosedByServer()).isTrue();
        }
        await().until(() -> shell.bundle().getState() == org.osgi.framework.Bundle.RESOLVED);
    }

    @Test
    public void shouldLetNobodyElseConnect() throws IOException {
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(shell.socket())))
                .isEqualTo("rw-------");
        assertThat(
                        PosixFilePermissions.toString(
                                Files.getPosixFilePermissions(shell.base().resolve("run"))))
                .isEqualTo("rwx------");
    }

    @Test
    public void shouldReplaceTheSocketOfAnInstanceThatWasKilled() throws Exception {
        shell.bundle().stop();
        Files.createFile(shell.socket());

        shell.bundle().start();

        await().ignoreExceptions().until(() -> shell.execute("echo back").out().equals("back\n"));
    }

    @Test
    public void shouldTellThatThePathOfTheSocketIsTooLong() {
        Path socket = shell.base().resolve("x".repeat(100)).resolve("control");

        assertThatIOException()
                .isThrownBy(() -> ControlServer.listen(socket))
                .withMessageContaining(socket + ": the path has ")
                .withMessageEndingWith("the system allows 107; choose a shorter base directory");
    }

    private boolean isRefused(byte[] bytes) throws IOException {
        try (ControlClient client = new ControlClient(shell.socket())) {
            client.write(ByteBuffer.wrap(bytes));
            return client.isClosedByServer();
        }
    }

    private static List<String> sessionThreads() {
        return Thread.getAllStackTraces().keySet().stream()
                .map(Thread::getName)
                .filter(name -> name.startsWith("taskwatch-client"))
                .toList();
    }
}
