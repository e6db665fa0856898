// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.shell;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.ClassRule;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.Timeout;
import org.osgi.framework.ServiceRegistration;
import org.taskwatch.api.Capture;
import org.taskwatch.api.TaskEvent;
import org.taskwatch.api.TaskWatcher;
import org.taskwatch.api.WatchTask;
import org.taskwatch.api.tool.Counter;
import org.taskwatch.api.tool.Counters;
import org.taskwatch.api.tool.ModuleState;
import org.taskwatch.control.Commands;
import org.taskwatch.control.Declaration;
import org.taskwatch.control.Kind;
import org.taskwatch.shell.control.ControlClient;
import org.taskwatch.shell.control.ControlClient.Answer;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

public class CommandsTest {
    @ClassRule public static final RunningShell SHELL = new RunningShell();
    @Rule public final Timeout timeout = new Timeout(60, TimeUnit.SECONDS);

    @Test
    public void shouldListModulesAndWatchersInAlignedColumns() throws IOException {
        assertThat(out("task:modules"))
                .isEqualTo(
                        """
                        MODULE  VERSION  STATE  REFS  USED BY        IN FLIGHT  CALLS  FAULTS  LANE  HIGHEST  LOST
                        good    1.2.3    LIVE      2  EXEC:1,EXIT:2          0     10       3  4/64        9     5
                        stuck   1.2.3    LIVE      3  EXEC:1,EXIT:2          1     10       3  4/64        9     5
                        """);
        assertThat(out("task:watchers"))
                .containsPattern("org.example.Watcher +org.taskwatch.core +EXEC +- +yes +LINKED")
                .containsPattern("org.example.Watcher +good +EXEC +CMDLINE,CWD +no +QUEUED");
    }

    @Test
    public void shouldRegisterAndUnregisterModules() throws IOException {
        assertThat(out("task:unregister good"))
                .isEqualTo("unregistered good: no call is in flight\n");
        assertThat(out("task:register good")).isEqualTo("registered good\n");

        assertThat(out("task:resume good")).isEqualTo("good: nothing was suspended\n");
        assertThat(out("task:resume stuck")).isEqualTo("resumed stuck\n");
        assertThat(SHELL.fakes().log)
                .containsSubsequence("unregister good", "register good", "resume good");
        assertThat(execute("task:register x").err())
                .isEqualTo("task:register: no module named x\n");
    }

    @Test
    public void shouldNotStopABundleWhoseCallsDoNotEnd() throws IOException {
        Answer answer = execute("task:unload stuck");

        assertThat(answer.status()).isEqualTo(1);
        assertThat(answer.err())
                .startsWith("task:unload: unregistering module stuck: 1 call(s) did not end")
                .contains("org.example.Hangs on thread \"lane\"")
                .hasLineCount(1);
    }

    @Test
    public void shouldTellWhatBlocksAnUnload() throws IOException {
        assertThat(out("task:why stuck"))
                .isEqualTo(
                        """
                        org.example.Watcher is suspended: 100 faults in a row; see task:resume
                        org.example.Hangs on thread "lane" for 1500 ms
                            at org.example.Hangs.notify(Hangs.java:7)
                        """);
        assertThat(out("task:why good")).isEqualTo("good: nothing is in flight\n");
        assertThat(execute("task:why x").err()).isEqualTo("task:why: no module named x\n");
    }

    @Test
    public void shouldTellWhatBlocksTheUnloadOfAnyModule() throws IOException {
        assertThat(out("task:why")).isEqualTo("no module is draining or stuck\n");
        SHELL.fakes().stuckIs(ModuleState.STUCK);
        try {
            assertThat(out("task:why"))
                    .isEqualTo(
                            """
                            stuck 1.2.3 is STUCK
                            org.example.Hangs on thread "lane" for 1500 ms
                                at org.example.Hangs.notify(Hangs.java:7)
                            """);
        } finally {
            SHELL.fakes().stuckIs(ModuleState.LIVE);
        }
    }

    @Test
    public void shouldListProcessesAndThreadsByPattern() throws IOException {
        assertThat(out("task:ps"))
                .hasLineCount(3)
                .containsPattern("\n  1 +0 +root +2026-01-02 +init +/sbin/init\n")
                .contains("bash -c \\u{1b}[31mred");
        assertThat(out("task:ps --threads ba.h")).hasLineCount(3).containsPattern("200 +201 +1 ");
        assertThat(execute("task:ps '('"))
                .extracting(Answer::err, Answer::status)
                .containsExactly("task:ps: \"(\" is no regular expression: Unclosed group\n", 2);
    }

    @Test
    public void shouldShowTheTreeOfProcesses() throws IOException {
        assertThat(out("task:tree")).isEqualTo("1 init\n└─ 200 bash\n");
        assertThat(out("task:tree 201")).isEqualTo("200 bash\n");
        assertThat(out("task:tree --ancestry 201")).isEqualTo("1 init\n└─ 200 bash\n");
        assertThat(execute("task:tree --ancestry").err()).startsWith("task:tree: ");
        assertThat(execute("task:tree 77").err()).isEqualTo("task:tree: no task has the id 77\n");
    }

    @Test
    public void shouldListSourcesTheirLatencyAndWhereEventsWereLost() throws IOException {
        assertThat(out("task:sources"))
                .containsPattern("best +UNAVAILABLE +0 +- +- +- +- +not here\n")
                .containsPattern(
                        "fake +ACTIVE +7 +32.1 +96.0 +1100.0 +2000.0 +drops=2 +sees little\n")
                .containsPattern("SOURCE +best +0 +-\n")
                .containsPattern("SOURCE +fake +2 +2026-01-02T03:04:05.000000006Z\n")
                .containsPattern("LANE +good +5 +2026-01-02T03:04:05.000000006Z\n")
                .containsPattern("READER +task:events +\\d+ +");
    }

    @Test
    public void shouldShowTheCountersOfAllBundlesSorted() throws IOException {
        assertThat(out("task:counters").lines())
                .hasSize(9)
                .first(InstanceOfAssertFactories.STRING)
                .matches("COUNTER +OF +VALUE");
        assertThat(out("task:counters"))
                .containsPattern(
                        "lost_events_total +at=best,place=source +0\n"
                                + "lost_events_total +at=fake,place=source +2\n"
                                + "lost_events_total +at=good,place=lane +5\n"
                                + "lost_events_total +at=stuck,place=lane +5\n"
                                + "lost_events_total +at=task:events,place=reader +\\d+\n"
                                + "modules +- +2\n"
                                + "reader_streams +- +\\d+\n"
                                + "reader_waiting_bytes +- +\\d+\n");
    }

    @Test
    public void shouldShowTheOtherCountersIfThoseOfABundleFail() throws IOException {
        Counters failing =
                () -> {
                    throw new IllegalStateException("on purpose");
                };
        ServiceRegistration<Counters> registration =
                SHELL.context().registerService(Counters.class, failing, null);
        try {
            // Not out(): the log goes to the error output of a command here.
            assertThat(execute("task:sources").out()).containsPattern("LANE +good +5 ");
        } finally {
            registration.unregister();
        }
        Counters late = () -> List.of(new Counter("late", 1));
        registration = SHELL.context().registerService(Counters.class, late, null);
        try {
            assertThat(out("task:counters")).containsPattern("late +- +1\n");
        } finally {
            registration.unregister();
        }
        assertThat(out("task:counters")).doesNotContain("late");
    }

    @Test
    public void shouldShowRatesToPeopleAndToPrograms() throws IOException {
        assertThat(out("task:rates"))
                .isEqualTo(
                        """
                        OVER   FORKS/S  CLONES/S  EXECS/S  EXITS/S  EVENTS/S  CPU %  CPU US/EVENT
                        now        0.0       0.0      0.0      0.0       0.0   0.00             -
                        1 min     12.5       1.0     10.0     12.0      40.0   0.50         125.0
                        """);
        assertThat(out("task:rates --json").lines())
                .containsExactly(
                        "{\"seconds\":0,\"forks\":0.000,\"clones\":0.000,\"execs\":0.000,"
                                + "\"exits\":0.000,\"events\":0.000,\"cpu\":0.000000,"
                                + "\"cpuNanosPerEvent\":null}",
                        "{\"seconds\":60,\"forks\":12.500,\"clones\":1.000,\"execs\":10.000,"
                                + "\"exits\":12.000,\"events\":40.000,\"cpu\":0.005000,"
                                + "\"cpuNanosPerEvent\":125000}");
    }

    @Test
    public void shouldRaiseAnEventAndPrintTheVerdict() throws IOException {
        assertThat(out("task:notify exit 200 768")).isEqualTo("EXIT: ALLOW\n");
        assertThat(out("task:notify INIT 1")).isEqualTo("INIT: REFUSE(EPERM)\n");
        assertThat(SHELL.fakes().log).contains("notify EXIT 768 200", "notify INIT 0 1");

        assertThat(execute("task:notify").status()).isEqualTo(2);
        assertThat(execute("task:notify FORK 1").err())
                .startsWith("task:notify: no event is named \"FORK\"; there are INIT, CLONE");
        assertThat(execute("task:notify EXIT abc").status()).isEqualTo(2);
        assertThat(execute("task:notify EXIT 77").status()).isEqualTo(1);
    }

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

    @Test
    public void shouldRefuseArgumentsOfAStreamThatMakeNoSense() throws IOException {
        assertThat(execute("task:events --event FORK").status()).isEqualTo(2);
        assertThat(execute("task:events --capture cwd,shoesize"))
                .extracting(Answer::err, Answer::status)
                .containsExactly(
                        "task:events: unknown detail 'shoesize'; see help task:events\n", 2);
        assertThat(execute("task:events --pid -1").status()).isEqualTo(2);
        assertThat(execute("task:events -n 0"))
                .extracting(Answer::err, Answer::status)
                .containsExactly(
                        "task:events: --count must be at least 1, is 0; see help task:events\n", 2);
        assertThat(execute("task:events --count x").status()).isEqualTo(2);
        assertThat(execute("task:events x").status()).isEqualTo(2);
    }

    @Test
    public void shouldDescribeEveryCommandAndParameter() throws IOException {
        assertThat(out("help task:ps"))
                .contains(
                        "ps - list the processes of the machine",
                        "-t, --threads   list threads too",
                        "String[]   regular expression");
        for (String command : out("help | grep '^task:'").split("\n")) {
            assertThat(out("help " + command)).contains(" - ").doesNotContain("null");
        }
    }

    @Test
    public void shouldHaveEveryCommandThatIsDeclared() throws IOException {
        for (Declaration declared : Commands.IN_SHELL) {
            String name = "task:" + declared.name();
            assertThat(out("help").lines()).contains(name);
            assertThat(out("help " + name))
                    .startsWith(name + " - " + declared.summary() + "\nUsage: " + name + " ")
                    .contains(declared.description());
            assertThat(out("help " + declared.name())).isEqualTo(out("help " + name));
        }
        assertThat(out("task:events -h")).startsWith("Usage: task:events ").contains("--count");
        assertThat(execute("help a b").status()).isEqualTo(2);
    }

    @Test
    public void shouldDeclareTheEventsAndDetailsThatThereAre() {
        assertThat(Kind.EVENTS.choices())
                .containsExactlyElementsOf(
                        Arrays.stream(TaskEvent.values()).map(Enum::name).toList());
        assertThat(Kind.DETAILS.choices())
                .containsExactlyElementsOf(
                        Arrays.stream(Capture.values()).map(Enum::name).toList());
    }

    private static long lostByReaders() throws IOException {
        Matcher matcher = Pattern.compile("READER +\\S+ +(\\d+)").matcher(out("task:sources"));
        assertThat(matcher.find()).isTrue();
        return Long.parseLong(matcher.group(1));
    }

    private static String out(String line) throws IOException {
        Answer answer = execute(line);
        assertThat(answer.err()).isEmpty();
        assertThat(answer.status()).isZero();
        return answer.out();
    }

    private static Answer execute(String line) throws IOException {
        return ControlClient.execute(SHELL.socket(), line);
    }
}
