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
import org.taskwatch.shell.control.ControlClient;
import org.taskwatch.shell.control.ControlClient.Answer;
import org.taskwatch.testing.FakeTask;

import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;

public class FollowTest {
    private static final int NONE = 2_000_000_009; // more than pid_max can be

    @ClassRule public static final RunningShell SHELL = new RunningShell();
    @Rule public final Timeout timeout = new Timeout(60, TimeUnit.SECONDS);

    private final FakeTask bash = SHELL.fakes().bash;

    private static ControlClient begin(String line) throws IOException {
        ControlClient client = new ControlClient(SHELL.socket());
        client.send('E', line);
        return client;
    }

    private static void assertNothingIsLeft() {
        await().until(() -> !SHELL.isWatching());
    }

    @Test
    public void shouldWaitForTheEndAndExitAsTheLastOneNamed() throws Exception {
        try (ControlClient client = begin("task:wait 1 200")) {
            TaskWatcher watcher = SHELL.watcher();
            watcher.notify(bash.event(TaskEvent.EXIT, 9, 1));
            assertThat(client.outputUntil("\n")).isEqualTo("200 signal 9\n");
            watcher.notify(SHELL.fakes().init.raised(TaskEvent.EXIT, 256, 2));
            watcher.notify(bash.event(TaskEvent.FREE, 9, 2));
            watcher.notify(SHELL.fakes().init.event(TaskEvent.EXIT, -1, 3));

            assertThat(client.answer()).isEqualTo(new Answer("1 status unknown\n", "", 137));
        }
        assertNothingIsLeft();
    }

    @Test
    public void shouldTellWhatIsNotThere() throws Exception {
        Answer none = SHELL.execute("task:wait " + NONE);

        assertThat(none)
                .isEqualTo(new Answer("", "task:wait: no process has the id " + NONE + "\n", 127));
        assertThat(SHELL.execute("task:wait 201").status()).as("a thread").isEqualTo(127);
        assertThat(SHELL.execute("task:wait").status()).isEqualTo(2);
        assertThat(SHELL.execute("task:follow " + NONE).err())
                .isEqualTo("task:follow: no process has the id " + NONE + "\n");
        assertThat(SHELL.execute("task:follow -e NO 1").status()).isEqualTo(2);
    }

    @Test
    public void shouldFollowATreeUntilAllHaveEnded() throws Exception {
        FakeTask child = FakeTask.process(NONE, bash, "ls", "ls");
        try (ControlClient client = begin("task:follow --event EXIT 200")) {
            assertThat(client.outputUntil("PROCESS\n"))
                    .startsWith("200 bash\n")
                    .endsWith("EVENT PROCESS\n");
            TaskWatcher watcher = SHELL.watcher();
            watcher.notify(bash.raised(TaskEvent.EXIT, 512, 1));
            watcher.notify(SHELL.fakes().init.event(TaskEvent.EXIT, 0, 1));
            watcher.notify(child.event(TaskEvent.CLONE, 0, 2));
            watcher.notify(bash.event(TaskEvent.EXIT, 0, 3));
            watcher.notify(child.event(TaskEvent.EXIT, 256, 4));

            assertThat(client.answer().out())
                    .hasLineCount(2)
                    .containsPattern("EXIT  200 bash: exit code 0")
                    .containsPattern("EXIT    " + NONE + " ls: exit code 1");
        }
        assertNothingIsLeft();
    }

    @Test
    public void shouldMonitorTheNextChildAndSumUp() throws Exception {
        FakeTask earlier = FakeTask.process(NONE - 1, bash, "vi", "vi");
        try (ControlClient client = begin("task:monitor 200")) {
            client.outputUntil("PROCESS\n");
            FakeTask child = FakeTask.process(NONE, bash, "ls", "ls").started(Instant.now());
            TaskWatcher watcher = SHELL.watcher();
            watcher.notify(bash.event(TaskEvent.EXEC, 0, 1));
            watcher.notify(earlier.event(TaskEvent.EXIT, 0, 2));
            watcher.notify(child.event(TaskEvent.CLONE, 0, 2));
            watcher.notify(child.event(TaskEvent.EXIT, 256, 3));

            Answer answer = client.answer();
            assertThat(answer.status()).isZero();
            assertThat(answer.out().lines().toList())
                    .hasSize(6)
                    .contains("processes  1, at most 1 at once", "execs      0");
        }
        assertNothingIsLeft();
    }

    @Test
    public void shouldLeaveNoWatcherBehindWhenTheClientIsGone() throws Exception {
        for (String line : List.of("task:follow 200", "task:monitor 200")) {
            try (ControlClient client = begin(line)) {
                client.outputUntil("PROCESS\n");
                assertThat(SHELL.isWatching()).isTrue();
            }
            assertNothingIsLeft();
        }
    }

    @Test
    public void shouldFailWhenTheTableGoesWhoseTasksAreWaitedFor() throws Exception {
        try (ControlClient other = begin("task:events")) { // needs no table, and goes on
            other.outputUntil("COMMAND\n");
            for (String line : List.of("task:wait 200", "task:follow 200", "task:monitor 200")) {
                assertFailsWithoutTheTable(line);
            }
        }
        assertNothingIsLeft();
    }

    @Test
    public void shouldFailWhenNobodyGivesStreamsAnyMore() throws Exception {
        String component = "org.taskwatch.shell.stream.EventStreams";
        try (ControlClient client = begin("task:events")) {
            client.outputUntil("COMMAND\n");
            assertDone("scr:disable " + component);
            assertFailsAsClosed(client, "task:events");
        } finally {
            assertDone("scr:enable " + component);
        }
        assertNothingIsLeft();
    }

    private static void assertDone(String line) throws IOException {
        assertThat(SHELL.execute(line).status()).isZero();
    }

    private static void assertFailsWithoutTheTable(String line) throws IOException {
        await().until(() -> SHELL.watchers().size() == 1);
        try (ControlClient client = begin(line)) {
            await().until(() -> SHELL.watchers().size() == 2);
            SHELL.fakes().replaceTable(SHELL.context());

            assertFailsAsClosed(client, line.split(" ")[0]);
        }
    }

    private static void assertFailsAsClosed(ControlClient client, String command)
            throws IOException {
        Answer answer = client.answer();
        assertThat(answer.status()).isEqualTo(1);
        assertThat(answer.err())
                .startsWith(command + ": the stream of events was closed")
                .hasLineCount(1);
    }
}
