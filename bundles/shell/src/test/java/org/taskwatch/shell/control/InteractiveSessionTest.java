// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.shell.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import org.junit.After;
import org.junit.Before;
import org.junit.ClassRule;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.Timeout;
import org.taskwatch.api.TaskEvent;
import org.taskwatch.api.TaskWatcher;
import org.taskwatch.shell.RunningShell;

import java.io.IOException;
import java.nio.file.Files;
import java.util.concurrent.TimeUnit;

public class InteractiveSessionTest {
    @ClassRule public static final RunningShell SHELL = new RunningShell();
    @Rule public final Timeout timeout = new Timeout(60, TimeUnit.SECONDS);

    private ControlClient client;

    @Before
    public void connect() throws IOException {
        client = new ControlClient(SHELL.socket());
        client.send('I', "xterm 200 24");
        client.outputUntil("taskwatch>");
    }

    @After
    public void disconnect() throws IOException {
        client.close();
        await().until(() -> !SHELL.isWatching());
    }

    @Test
    public void shouldPrompt_execute_andPromptAgain() throws IOException {
        client.send('D', "task:status\r");

        client.outputUntil("source fake, 3 watchers in 2 modules, 3 tasks\r\n");
        client.outputUntil("taskwatch>");
    }

    @Test
    public void shouldEndOnExitAndOnCtrlD() throws IOException {
        client.send('D', "exit\r");
        assertThat(client.answer().status()).isZero();

        try (ControlClient other = new ControlClient(SHELL.socket())) {
            other.send('I', "xterm 80 24");
            other.outputUntil("taskwatch>");
            other.send('D', "\u0004");
            assertThat(other.answer().status()).isZero();
        }
    }

    @Test
    public void shouldCompleteModulesEventsPidsAndOptions() throws Exception {
        client.send('D', "task:unregister go\t\r");
        client.outputUntil("unregistered good");
        client.send('D', "notify CLO\t20\t\r");
        client.outputUntil("CLONE: ALLOW");
        client.send('D', "task:events --ev\tFRE\t--cap\tLOG\t\r");
        TaskWatcher watcher = SHELL.watcher();
        watcher.notify(SHELL.fakes().bash.event(TaskEvent.EXIT, 3 << 8, 1));
        watcher.notify(SHELL.fakes().bash.event(TaskEvent.FREE, 4 << 8, 2));
        assertThat(client.outputUntil("login=(not read)"))
                .contains("exit code 4")
                .doesNotContain("exit code 3");
    }

    @Test
    public void shouldEndAStreamByCtrlCAndGoOn() throws Exception {
        client.send('D', "events\r");
        TaskWatcher watcher = SHELL.watcher();
        watcher.notify(SHELL.fakes().bash.event(TaskEvent.EXIT, 3 << 8, 1));
        client.outputUntil("exit code 3");

        client.send('D', "\u0003");

        assertThat(client.outputUntil("taskwatch>")).doesNotContain("Exception");
        await().until(() -> !SHELL.isWatching());
        client.send('D', "status\r");
        client.outputUntil("source fake");
    }

    @Test
    public void shouldEndFollowingByCtrlCWithoutAnError() throws Exception {
        client.send('D', "follow 200\r");
        client.outputUntil("PROCESS");

        client.send('D', "\u0003");

        assertThat(client.outputUntil("taskwatch>")).doesNotContain("task:follow:");
    }

    @Test
    public void shouldGoOnHoweverOftenCtrlCInterruptsACommandThatWrites() throws IOException {
        for (int round = 1; round <= 20; round++) {
            client.send('D', "while { true } { echo beg\"\"un " + round + "; ps }\r");
            client.outputUntil("begun " + round); // what an earlier round has left may come late
            client.send('D', "\u0003");
            client.outputUntil("taskwatch>");
            client.send('D', "echo al\"\"ive " + round + "\r");
            client.outputUntil("alive " + round + "\r\n");
            client.outputUntil("taskwatch>");
        }
    }

    @Test
    public void shouldTellTheErrorOfACommandWithoutAStackTrace() throws IOException {
        client.send('D', "unregister x\r");

        assertThat(client.outputUntil("taskwatch>"))
                .contains("task:unregister: no module named x")
                .doesNotContain("\tat ", "CommandException");
    }

    @Test
    public void shouldTellTheErrorsOfGogoAsWhenOneCommandIsExecuted() throws IOException {
        client.send('D', "foo\r");
        assertThat(client.outputUntil("taskwatch>"))
                .contains("no such command: foo")
                .doesNotContain("Exception");
        client.send('D', "task:resume\r");
        assertThat(client.outputUntil("taskwatch>"))
                .contains("task:resume: wrong arguments; usage: task:resume MODULE")
                .doesNotContain("Exception", "coerce");
        client.send('D', "while { true } { ps }\r");
        client.outputUntil("/sbin/init");
        client.send('D', "\u0003");
        assertThat(client.outputUntil("taskwatch>")).doesNotContain("Exception");
    }

    @Test
    public void shouldTakeTheSizeOfTheWindow() throws IOException {
        client.send('W', "123 45");
        client.send('D', "echo \"$COLUMNS:$LINES\"\r");

        client.outputUntil("123:45");
    }

    @Test
    public void shouldKeepTheHistoryBelowTheBaseDirectory() throws IOException {
        client.send('D', "echo remember\r");
        client.outputUntil("remember\r\n");

        await().until(() -> Files.exists(SHELL.base().resolve("run/history")));
        assertThat(SHELL.base().resolve("run/history")).content().contains("echo remember");
    }
}
