// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.shell.top;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import org.junit.After;
import org.junit.Before;
import org.junit.ClassRule;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.Timeout;
import org.taskwatch.api.TaskEvent;
import org.taskwatch.shell.RunningShell;
import org.taskwatch.shell.control.ControlClient;
import org.taskwatch.shell.control.ControlClient.Answer;
import org.taskwatch.testing.FakeTask;

import java.io.IOException;
import java.util.concurrent.TimeUnit;

public class TopCommandTest {
    private static final String OTHER_SCREEN = "\u001b[?1049h";
    private static final String FIRST_SCREEN = "\u001b[?1049l";

    @ClassRule public static final RunningShell SHELL = new RunningShell();
    @Rule public final Timeout timeout = new Timeout(60, TimeUnit.SECONDS);

    private ControlClient client;

    @Before
    public void connect() throws IOException {
        client = new ControlClient(SHELL.socket());
    }

    @After
    public void disconnect() throws IOException {
        client.close();
        await().until(() -> !SHELL.isWatching());
    }

    private static void fork(String comm) throws Exception {
        FakeTask parent = FakeTask.process(4711, SHELL.fakes().init, comm, comm);
        SHELL.watcher()
                .notify(FakeTask.process(4712, parent, "child").event(TaskEvent.CLONE, 0, 1));
    }

    private void openShell() throws IOException {
        client.send('I', "xterm 80 24");
        client.outputUntil("taskwatch>");
    }

    @Test
    public void shouldDrawInPlaceUntilQAndLeaveTheScreenAsItWas() throws Exception {
        openShell();
        client.send('D', "top\r");
        client.outputUntil(OTHER_SCREEN);
        client.outputUntil("FORKS/S");
        fork("busy");
        client.outputUntil("busy");

        client.send('D', "q");

        client.outputUntil(FIRST_SCREEN);
        assertThat(client.outputUntil("taskwatch>")).doesNotContain("Exception", "interrupted");
        await().until(() -> !SHELL.isWatching());
        client.send('D', "echo al\"\"ive\r");
        client.outputUntil("alive\r\n");
    }

    @Test
    public void shouldEndByCtrlCToo() throws Exception {
        openShell();
        client.send('D', "top\r");
        client.outputUntil("FORKS/S");

        client.send('D', "\u0003");

        client.outputUntil(FIRST_SCREEN);
        assertThat(client.outputUntil("taskwatch>")).doesNotContain("Exception", "interrupted");
        await().until(() -> !SHELL.isWatching());
    }

    @Test
    public void shouldFitIntoAnyWindowWithBoldHeaders() throws Exception {
        client.send('S', "80 coloured");
        client.send('I', "xterm 80 24 task:top");
        assertThat(client.outputUntil("PID")).endsWith("\u001b[1mPID");
        for (String size : new String[] {"1 1", "0 0", "7 3", "300 100"}) {
            client.send('W', size);
            client.send('D', " "); // any key draws it at once
        }
        fork("after");
        client.outputUntil("after");

        client.send('D', "q");

        assertThat(client.answer().status()).isZero();
    }

    @Test
    public void shouldLeaveNothingWhenTheClientIsKilled() throws Exception {
        client.send('I', "xterm 80 24 task:top");
        client.outputUntil("FORKS/S");
        assertThat(SHELL.isWatching()).isTrue();

        client.close();

        await().until(() -> !SHELL.isWatching());
    }

    @Test
    public void shouldPrintOneViewWhereThereIsNoTerminal() throws Exception {
        client.send('E', "task:top");
        fork("busy");

        Answer answer = client.answer();
        assertThat(answer.status()).isZero();
        assertThat(answer.out())
                .containsPattern("last 2 s: 0.5 forks/s, 0.0 exits/s\n")
                .containsPattern("0.5  4711  busy  busy\n")
                .doesNotContain("\u001b");
    }

    @Test
    public void shouldPrintOneViewIntoAPipe() throws Exception {
        openShell();
        client.send('D', "top | grep FORKS\r");

        assertThat(client.outputUntil("COMMAND\r\n")).doesNotContain(OTHER_SCREEN);
    }

    @Test
    public void shouldTellTheStatusOfACommandOnATerminal() throws Exception {
        client.send('I', "xterm 80 24 task:why x");

        Answer answer = client.answer();
        assertThat(answer.status()).isEqualTo(1);
        assertThat(answer.out()).isEqualTo("task:why: no module named x\r\n");
    }
}
