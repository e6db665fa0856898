// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.shell.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.awaitility.Awaitility.await;

import org.apache.felix.service.command.CommandProcessor;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.Timeout;
import org.osgi.framework.FrameworkUtil;
import org.taskwatch.shell.RunningShell;
import org.taskwatch.shell.control.ControlClient.Answer;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

public class ControlServerTest {
    @Rule public final RunningShell shell = new RunningShell();
    @Rule public final Timeout timeout = new Timeout(60, TimeUnit.SECONDS);

    @Test
    public void shouldExecuteACommandLineAndSendOutputAndStatus() throws IOException {
        Answer answer = execute("task:status");

        assertThat(answer.out())
                .startsWith("source fake, 3 watchers in 2 modules, 3 tasks\npid ")
                .contains("base " + shell.base(), "source fake lost 2 events");
        assertThat(answer.err()).isEmpty();
        assertThat(answer.status()).isZero();
    }

    @Test
    public void shouldFormatTheResultOfACommandThatPrintsNothing() throws IOException {
        assertThat(execute("x = [a b]; $x size").out()).isEqualTo("2\n");
    }

    @Test
    public void shouldFindCommandsWithoutTheirScopeAndPipeThem() throws IOException {
        assertThat(execute("ps | grep init").out()).contains("/sbin/init").doesNotContain("bash");
    }

    @Test
    public void shouldTellInOneLineThatThereIsNoSuchCommand() throws IOException {
        assertThat(execute("foo bar")).isEqualTo(new Answer("", "no such command: foo\n", 1));
        assertThat(execute("task:foo")).isEqualTo(new Answer("", "no such command: task:foo\n", 1));
    }

    @Test
    public void shouldTellTheUsageOfACommandUsedWrongly() throws IOException {
        assertThat(execute("task:resume"))
                .isEqualTo(
                        new Answer(
                                "",
                                "task:resume: wrong arguments; usage: task:resume MODULE\n",
                                2));
        assertThat(execute("events --count"))
                .extracting(Answer::err, Answer::status)
                .containsExactly(
                        "task:events: the option --count needs a value; see help task:events\n", 2);
    }

    @Test
    public void shouldTellWhereACommandLineIsNoProgram() throws IOException {
        Answer answer = execute("echo 'abc");

        assertThat(answer.err()).startsWith("syntax error: ").hasLineCount(1);
        assertThat(answer.status()).isEqualTo(2);
    }

    @Test
    public void shouldTellInOneLineWhyACommandFailed() throws IOException {
        assertThat(execute("task:unregister x"))
                .isEqualTo(new Answer("", "task:unregister: no module named x\n", 1));
    }

    @Test
    public void shouldCloseTheConnectionOfAClientThatSpeaksSomethingElse() throws IOException {
        assertThat(isRefused("GET / HTTP/1.1\r\n\r\n".getBytes())).isTrue();
        assertThat(isRefused(new byte[] {'E', 0x7f, 0, 0, 0})).isTrue();
        assertThat(isRefused(new byte[] {'E', (byte) 0xff, 0, 0, 0})).isTrue();
        assertThat(isRefused(new byte[] {'C', 0, 0, 0, 1, 'x'})).isTrue();
        assertThat(isRefused(new byte[] {'Z', 0, 0, 0, 0})).isTrue();
        assertThat(isRefused(new byte[] {'I', 0, 0, 0, 2, '-', 'h'})).isTrue();

        assertThat(execute("echo still here").out()).isEqualTo("still here\n");
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
        await().until(() -> execute("echo room").out().equals("room\n"));
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

    /// A command that fails as nothing else does.
    public static final class Failing {
        /// Fails.
        public void fail() {
            throw new InternalError("on purpose");
        }
    }

    @Test
    public void shouldTellTheClientWhenItsCommandEndsByAnError() throws IOException {
        shell.context()
                .registerService(
                        Failing.class,
                        new Failing(),
                        FrameworkUtil.asDictionary(
                                Map.of(
                                        CommandProcessor.COMMAND_SCOPE,
                                        "test",
                                        CommandProcessor.COMMAND_FUNCTION,
                                        "fail")));

        Answer answer = execute("test:fail");

        assertThat(answer.status()).isEqualTo(1);
        assertThat(answer.err()).contains("on purpose");
        assertThat(execute("echo still here").out()).isEqualTo("still here\n");
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

        assertThat(execute("echo me too").out()).isEqualTo("me too\n");
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
            assertThat(execute("task:status"))
                    .extracting(Answer::err, Answer::status)
                    .containsExactly(
                            "taskwatch: the instance on %s, pid %d, is starting: it does not answer commands yet\n"
                                    .formatted(shell.base(), ProcessHandle.current().pid()),
                            3);
        } finally {
            System.clearProperty("taskwatch.starting");
        }
        assertThat(execute("task:status").status()).isZero();
    }

    @Test
    public void shouldSpeakOfACommandAsTheUserCallsIt() throws Exception {
        assertThat(command("wait", "999999").err())
                .isEqualTo("wait: no process has the id 999999\n");
        assertThat(command("wait"))
                .isEqualTo(
                        new Answer(
                                "",
                                "wait: missing argument PID...; see taskwatch wait --help\n",
                                2));
        assertThat(command("follow", "999999").err())
                .isEqualTo("follow: no process has the id 999999\n");
        assertThat(command("events", "--pid", "0").err())
                .isEqualTo("events: --pid must be at least 1, is 0; see taskwatch events --help\n");
        assertThat(command("events", "--ancestry").err())
                .isEqualTo("events: --ancestry needs --json\n");
        assertThat(command("foo", "bar")).isEqualTo(new Answer("", "no such command: foo\n", 1));
        assertThat(execute("task:wait 999999").err())
                .isEqualTo("task:wait: no process has the id 999999\n");
        assertThat(execute("wait").err())
                .isEqualTo("task:wait: missing argument PID...; see help task:wait\n");
    }

    @Test
    public void shouldTakeTheArgumentsOfACommandAsTheyAre() throws Exception {
        for (String comm : List.of("it's", "$x", "\"a b\"", "{ ps }", "|", "#")) {
            assertThat(command("events", "--comm=" + comm, "--pid=x").err())
                    .startsWith("events: --pid must be a number, is x");
            assertThat(command("wait", "--", comm).err())
                    .startsWith("wait: PID must be a number, is " + comm + ";");
        }
        assertThat(command("status").out()).startsWith("source fake, ");
        assertThat(command("events", "--help").out()).startsWith("Usage: events [OPTION...]\n");
    }

    private Answer command(String... words) throws IOException {
        return ControlClient.command(shell.socket(), words);
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

        await().ignoreExceptions().until(() -> execute("echo back").out().equals("back\n"));
    }

    @Test
    public void shouldTellThatThePathOfTheSocketIsTooLong() {
        Path socket = shell.base().resolve("x".repeat(100)).resolve("control");

        assertThatIOException()
                .isThrownBy(() -> ControlServer.listen(socket))
                .withMessageContaining(socket + ": the path has ")
                .withMessageEndingWith("the system allows 107; choose a shorter base directory");
    }

    private Answer execute(String line) throws IOException {
        return ControlClient.execute(shell.socket(), line);
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
