// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.shell;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import org.junit.ClassRule;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.Timeout;
import org.taskwatch.api.TaskEvent;
import org.taskwatch.api.TaskWatcher;
import org.taskwatch.api.WatchTask;
import org.taskwatch.shell.control.ControlClient;
import org.taskwatch.shell.control.ControlClient.Answer;

import java.io.IOException;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The command `task:events`: what it streams, what it asks for, and what a reader that is too slow is told.
public class EventsCommandTest {
    @ClassRule public static final RunningShell SHELL = new RunningShell();
    @Rule public final Timeout timeout = new Timeout(60, TimeUnit.SECONDS);

    @Test
    public void shouldStreamEventsUntilEnoughHaveCome() throws Exception {
        try (ControlClient client = new ControlClient(SHELL.socket())) {
            client.send('E', "task:events --event exit --comm bash --json --count 2");
            TaskWatcher watcher = SHELL.watcher();
            watcher.notify(SHELL.fakes().bash.event(TaskEvent.EXEC, 0, 1));
            watcher.notify(SHELL.fakes().bash.event(TaskEvent.EXIT, 0, 2));
            watcher.notify(SHELL.fakes().init.event(TaskEvent.EXIT, 0, 3));
            watcher.notify(SHELL.fakes().bash.event(TaskEvent.EXIT, 0, 4));
            watcher.notify(SHELL.fakes().bash.event(TaskEvent.EXIT, 0, 5));

            Answer answer = client.answer();
            assertThat(answer.status()).isZero();
            assertThat(answer.out()).hasLineCount(2).contains("\"seq\":2", "\"seq\":4");
        }
        await().until(() -> !SHELL.isWatching());
    }

    @Test
    public void shouldDeclareWhatAReaderAsksFor() throws Exception {
        try (ControlClient client = new ControlClient(SHELL.socket())) {
            client.send('E', "task:events --capture cwd,Login");
            SHELL.watcher();

            assertThat(
                            (String[])
                                    SHELL.context()
                                            .getServiceReference(TaskWatcher.class)
                                            .getProperty(WatchTask.CAPTURE))
                    .containsExactly("CMDLINE", "EXE", "CWD", "LOGIN");
        }
        await().until(() -> !SHELL.isWatching());
    }

    @Test
    public void shouldTellAClientThatDoesNotReadExactlyHowManyEventsItMissed() throws Exception {
        int sent = 150_000;
        try (ControlClient client = new ControlClient(SHELL.socket())) {
            client.send('E', "task:events --json");
            TaskWatcher watcher = SHELL.watcher();
            for (int sequence = 1; sequence <= sent; sequence++) {
                watcher.notify(SHELL.fakes().bash.event(TaskEvent.EXIT, 0, sequence));
            }
            // It may be told in several places: what the connection holds makes room meanwhile.
            Pattern lost = Pattern.compile("\"LOST\",\"count\":(\\d+),");
            long told = 0;
            long missed = 0;
            while (told + missed < sent) {
                Matcher matcher = lost.matcher(client.outputUntil("}\n"));
                if (matcher.find()) {
                    missed += Long.parseLong(matcher.group(1));
                } else {
                    told++;
                }
            }
            assertThat(missed).isPositive();
            assertThat(lostByReaders()).isGreaterThanOrEqualTo(missed);
            assertThat(told + missed).isEqualTo(sent);
        }
        await().until(() -> !SHELL.isWatching());
    }

    private static long lostByReaders() throws IOException {
        Matcher matcher =
                Pattern.compile("READER +\\S+ +(\\d+)").matcher(SHELL.out("task:sources"));
        assertThat(matcher.find()).isTrue();
        return Long.parseLong(matcher.group(1));
    }

    @Test
    public void shouldRefuseArgumentsOfAStreamThatMakeNoSense() throws IOException {
        assertThat(SHELL.execute("task:events --event FORK").status()).isEqualTo(2);
        assertThat(SHELL.execute("task:events --capture cwd,shoesize"))
                .extracting(Answer::err, Answer::status)
                .containsExactly(
                        "task:events: unknown detail 'shoesize'; see help task:events\n", 2);
        assertThat(SHELL.execute("task:events --pid -1").status()).isEqualTo(2);
        assertThat(SHELL.execute("task:events -n 0"))
                .extracting(Answer::err, Answer::status)
                .containsExactly(
                        "task:events: --count must be at least 1, is 0; see help task:events\n", 2);
        assertThat(SHELL.execute("task:events --count x").status()).isEqualTo(2);
        assertThat(SHELL.execute("task:events x").status()).isEqualTo(2);
    }
}
