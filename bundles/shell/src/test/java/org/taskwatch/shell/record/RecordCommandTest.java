// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.shell.record;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import org.junit.After;
import org.junit.Before;
import org.junit.ClassRule;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.Timeout;
import org.osgi.framework.ServiceReference;
import org.osgi.framework.ServiceRegistration;
import org.taskwatch.api.TaskWatcher;
import org.taskwatch.api.WatchTask;
import org.taskwatch.shell.RunningShell;
import org.taskwatch.shell.control.ControlClient;
import org.taskwatch.shell.control.ControlClient.Answer;
import org.taskwatch.source.TaskRecord;
import org.taskwatch.source.TaskRecord.Kind;
import org.taskwatch.tasks.Recorder;
import org.taskwatch.tasks.RecordingSink;

import java.io.IOException;
import java.util.Objects;
import java.util.concurrent.TimeUnit;

public class RecordCommandTest {
    private static final String BEGINNING =
            "taskwatch-recording 1\nsource \"fake\" epoch=7 boot=0\n";

    @ClassRule public static final RunningShell SHELL = new RunningShell();
    @Rule public final Timeout timeout = new Timeout(60, TimeUnit.SECONDS);

    private final FakeRecorder recorder = new FakeRecorder();
    private final TaskRecord record = new TaskRecord();
    private ServiceRegistration<Recorder> registration;

    @Before
    public void register() {
        registration = SHELL.context().registerService(Recorder.class, recorder, null);
    }

    @After
    public void unregister() {
        registration.unregister();
        assertNothingIsLeft();
    }

    private void assertNothingIsLeft() {
        await().until(() -> !SHELL.isWatching());
        assertThat(recorder.sink()).isNull();
    }

    private static ControlClient begin(String line) throws IOException {
        ControlClient client = new ControlClient(SHELL.socket());
        client.send('E', line);
        return client;
    }

    private RecordingSink sink() {
        return await().until(recorder::sink, Objects::nonNull);
    }

    private void tell(int pid) {
        sink().accept(record.begin(Kind.FREED, 5, pid, pid));
    }

    @Test
    public void shouldPrintWhatIsRecordedUntilTheClientIsGone() throws Exception {
        try (ControlClient client = begin("task:record --capture CWD,CGROUP")) {
            tell(7);
            assertThat(client.outputUntil("5\n")).isEqualTo(BEGINNING + "freed 7 7 5\n");
            sink().lost(3, "a cause", 4);
            assertThat(client.outputUntil("\n")).isEqualTo("lost 3 since=4 cause=\"a cause\"\n");

            ServiceReference<TaskWatcher> watcher =
                    SHELL.context().getServiceReference(TaskWatcher.class);
            assertThat((String[]) watcher.getProperty(WatchTask.WATCH_TASK)).hasSize(7);
            assertThat((String[]) watcher.getProperty(WatchTask.CAPTURE))
                    .containsExactlyInAnyOrder("CWD", "CGROUP");
            assertThat(watcher.getProperty(WatchTask.THREADS)).isEqualTo(true);
        }
        assertNothingIsLeft();
    }

    @Test
    public void shouldEndWithAWholeLineBeforeItsBound() throws Exception {
        int size = BEGINNING.length() + 30;
        try (ControlClient client = begin("task:record --size " + size)) {
            tell(7);
            tell(8);
            tell(9);
            assertThat(client.answer())
                    .isEqualTo(
                            new Answer(
                                    BEGINNING + "freed 7 7 5\nfreed 8 8 5\n",
                                    "task:record: the bound of %d bytes is reached; --size sets another\n"
                                            .formatted(size),
                                    0));
        }
    }

    @Test
    public void shouldEndAfterItsTime() throws Exception {
        assertThat(SHELL.execute("task:record --seconds 1"))
                .isEqualTo(new Answer(BEGINNING, "", 0));
    }

    @Test
    public void shouldFailWhenTheRecorderGoesAndKeepWhatWasRecorded() throws Exception {
        try (ControlClient client = begin("task:record")) {
            tell(7);
            registration.unregister();
            Answer answer = client.answer();

            assertThat(answer.out()).isEqualTo(BEGINNING + "freed 7 7 5\n");
            assertThat(answer.err())
                    .startsWith(
                            "task:record: the recording has ended, as the bundle tasks or shell")
                    .hasLineCount(1);
            assertThat(answer.status()).isEqualTo(1);
        }
        assertNothingIsLeft();
        assertThat(SHELL.execute("task:record"))
                .isEqualTo(
                        new Answer(
                                "",
                                "task:record: nothing can be recorded: the bundle tasks is not"
                                        + " started\n",
                                1));
        register();
    }

    @Test
    public void shouldRefuseASizeThatMakesNoSense() throws Exception {
        for (String size : new String[] {"0", "x", "M", "-1K", "9999999999G", "1T"}) {
            Answer answer = ControlClient.command(SHELL.socket(), "record", "--size", size);
            assertThat(answer.status()).isEqualTo(2);
            assertThat(answer.err())
                    .startsWith(
                            "record: --size must be a number of bytes as 300, 64K, 256M or 1G, is");
        }
    }
}
