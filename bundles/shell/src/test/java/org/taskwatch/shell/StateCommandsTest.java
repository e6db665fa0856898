// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.shell;

import static org.assertj.core.api.Assertions.assertThat;

import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.ClassRule;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.Timeout;
import org.osgi.framework.ServiceRegistration;
import org.taskwatch.api.TaskEvent;
import org.taskwatch.api.tool.Counter;
import org.taskwatch.api.tool.Counters;
import org.taskwatch.shell.control.ControlClient.Answer;

import java.io.IOException;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/// The commands that show tasks, sources, counters and rates.
public class StateCommandsTest {
    @ClassRule public static final RunningShell SHELL = new RunningShell();
    @Rule public final Timeout timeout = new Timeout(60, TimeUnit.SECONDS);

    @Test
    public void shouldStartTheWebServerAndTellItsAddressAndStopIt() throws IOException {
        assertThat(SHELL.out("task:web")).isEqualTo("http://127.0.0.1:7/?token=SEE\n");
        assertThat(SHELL.out("task:web --control")).endsWith("token=CONTROL\n");
        assertThat(SHELL.out("task:web --stop")).isEmpty();
        assertThat(SHELL.fakes().log).containsSubsequence("web start", "web stop");
    }

    @Test
    public void shouldSayThatNothingAddsUpUsage() throws IOException {
        assertThat(SHELL.execute("task:usage").err()).contains("optional/org.taskwatch.usage-");
    }

    @Test
    public void shouldListProcessesAndThreadsByPattern() throws IOException {
        assertThat(SHELL.out("task:ps"))
                .hasLineCount(3)
                .containsPattern("\n  1 +0 +root +2026-01-02 +init +/sbin/init\n")
                .contains("bash -c \\u{1b}[31mred");
        assertThat(SHELL.out("task:ps --threads ba.h"))
                .hasLineCount(3)
                .containsPattern("200 +201 +1 ");
        assertThat(SHELL.execute("task:ps '('"))
                .extracting(Answer::err, Answer::status)
                .containsExactly("task:ps: \"(\" is no regular expression: Unclosed group\n", 2);
    }

    @Test
    public void shouldShowTheTreeOfProcesses() throws IOException {
        assertThat(SHELL.out("task:tree")).isEqualTo("1 init\n└─ 200 bash\n");
        assertThat(SHELL.out("task:tree 201")).isEqualTo("200 bash\n");
        assertThat(SHELL.out("task:tree --ancestry 201")).isEqualTo("1 init\n└─ 200 bash\n");
        assertThat(SHELL.execute("task:tree --ancestry").err()).startsWith("task:tree: ");
        assertThat(SHELL.execute("task:tree 77").err())
                .isEqualTo("task:tree: no task has the id 77\n");
    }

    @Test
    public void shouldListSourcesTheirLatencyAndWhereEventsWereLost() throws IOException {
        assertThat(SHELL.out("task:sources"))
                .containsPattern("best +UNAVAILABLE +0 +- +- +- +- +not here\n")
                .containsPattern(
                        "fake +ACTIVE +7 +32.1 +96.0 +1100.0 +2000.0 +drops=2 +sees little\n")
                .containsPattern("FACT +COMES FROM\nexec +tp_btf/sched_process_exec\n\n")
                .containsPattern("SOURCE +best +0 +-\n")
                .containsPattern("SOURCE +fake +2 +2026-01-02T03:04:05.000000006Z\n")
                .containsPattern("LANE +good +5 +2026-01-02T03:04:05.000000006Z\n")
                .containsPattern("READER +task:events +\\d+ +");
    }

    @Test
    public void shouldShowTheCountersOfAllBundlesSorted() throws IOException {
        assertThat(SHELL.out("task:counters").lines())
                .hasSize(9)
                .first(InstanceOfAssertFactories.STRING)
                .matches("COUNTER +OF +VALUE");
        assertThat(SHELL.out("task:counters"))
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
            assertThat(SHELL.execute("task:sources").out()).containsPattern("LANE +good +5 ");
        } finally {
            registration.unregister();
        }
        Counters late = () -> List.of(new Counter("late", 1));
        registration = SHELL.context().registerService(Counters.class, late, null);
        try {
            assertThat(SHELL.out("task:counters")).containsPattern("late +- +1\n");
        } finally {
            registration.unregister();
        }
        assertThat(SHELL.out("task:counters")).doesNotContain("late");
    }

    @Test
    public void shouldShowRatesToPeopleAndToPrograms() throws IOException {
        assertThat(SHELL.out("task:rates"))
                .isEqualTo(
                        """
                        OVER   FORKS/S  CLONES/S  EXECS/S  EXITS/S  EVENTS/S  CPU %  CPU US/EVENT
                        now        0.0       0.0      0.0      0.0       0.0   0.00             -
                        1 min     12.5       1.0     10.0     12.0      40.0   0.50         125.0
                        """);
        assertThat(SHELL.out("task:rates --json").lines())
                .containsExactly(
                        "{\"seconds\":0,\"forks\":0.000,\"clones\":0.000,\"execs\":0.000,"
                                + "\"exits\":0.000,\"events\":0.000,\"cpu\":0.000000,"
                                + "\"cpuNanosPerEvent\":null}",
                        "{\"seconds\":60,\"forks\":12.500,\"clones\":1.000,\"execs\":10.000,"
                                + "\"exits\":12.000,\"events\":40.000,\"cpu\":0.005000,"
                                + "\"cpuNanosPerEvent\":125000}");
    }

    @Test
    public void shouldShowTheGatesAndOpenOne() throws IOException {
        assertThat(SHELL.out("task:gates"))
                .isEqualTo(
                        """
                        PID  USER  LABEL              COMMAND  ASKED  ALLOWED  REFUSED  LATE  SLOWEST MS  WAITING  STATE
                        200  root  a \\u{1b}[31mlabel  make         9        5        2     1      12.000        1  gated
                        """);
        assertThat(SHELL.execute("task:ungate 1").err())
                .isEqualTo("task:ungate: process 1 is not the root of a gated tree\n");

        assertThat(SHELL.out("task:ungate 200")).isEqualTo("ungated the tree of process 200\n");

        assertThat(SHELL.out("task:gates"))
                .contains("  ungated\n")
                .endsWith("no watcher watches INIT: every fork is let go without asking\n");
        SHELL.fakes().stuckEvents = Set.of(TaskEvent.INIT);
        try {
            assertThat(SHELL.out("task:gates"))
                    .endsWith(
                            "\n"
                                + "all watchers of INIT are suspended: every fork is let go without"
                                + " asking\n");
        } finally {
            SHELL.fakes().stuckEvents = Set.of(TaskEvent.EXEC);
        }
    }

    @Test
    public void shouldShowWhatWatchersKeepWithTasks() throws IOException {
        assertThat(SHELL.out("task:locals"))
                .isEqualTo(
                        """
                        MODULE  LOCAL    VALUES  THREADS  INHERITED  CARRIED
                        good    started       2  no       yes        no
                        other   seen          0  yes      no         yes
                        """);
        assertThat(SHELL.out("task:locals 200"))
                .isEqualTo(
                        """
                        MODULE  LOCAL    VALUE
                        good    started  at \\u{1b}[31mnoon
                        """);
        assertThat(SHELL.out("task:locals 1")).hasLineCount(1);
        assertThat(SHELL.execute("task:locals 7").err())
                .isEqualTo("task:locals: no task has the id 7\n");
        assertThat(SHELL.execute("task:locals 1 2").status()).isEqualTo(2);
    }

    @Test
    public void shouldLabelAProcess() throws IOException {
        assertThat(SHELL.out("task:label 200 job=ci a=1 b=")).isEmpty();
        assertThat(SHELL.out("task:label --until-exec 200 c=2")).isEmpty();
        assertThat(SHELL.fakes().log).contains("label 200 [job=ci, a=1] [b]", "label 200 [c=2] []");

        assertThat(SHELL.out("task:label 200")).isEmpty();
        assertThat(SHELL.execute("task:label 200 job").err())
                .startsWith("task:label: expected KEY=VALUE");
        assertThat(SHELL.execute("task:label 200 Job=ci").status()).isEqualTo(2);
        assertThat(SHELL.execute("task:label 77 job=ci").err())
                .isEqualTo("task:label: no process has the id 77\n");
    }

    @Test
    public void shouldRaiseAnEventAndPrintTheVerdict() throws IOException {
        assertThat(SHELL.out("task:notify exit 200 768")).isEqualTo("EXIT: ALLOW\n");
        assertThat(SHELL.out("task:notify INIT 1")).isEqualTo("INIT: REFUSE(EPERM)\n");
        assertThat(SHELL.fakes().log).contains("notify EXIT 768 200", "notify INIT 0 1");

        assertThat(SHELL.execute("task:notify").status()).isEqualTo(2);
        assertThat(SHELL.execute("task:notify FORK 1").err())
                .startsWith("task:notify: no event is named \"FORK\"; there are INIT, CLONE");
        assertThat(SHELL.execute("task:notify EXIT abc").status()).isEqualTo(2);
        assertThat(SHELL.execute("task:notify EXIT 77").status()).isEqualTo(1);
    }
}
