// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.shell.control;

import static org.assertj.core.api.Assertions.assertThat;

import org.apache.felix.service.command.CommandProcessor;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.Timeout;
import org.osgi.framework.FrameworkUtil;
import org.taskwatch.shell.RunningShell;
import org.taskwatch.shell.control.ControlClient.Answer;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/// What a client is answered that sends a command line, or a command with its arguments.
public class ExecuteSessionTest {
    @Rule public final RunningShell shell = new RunningShell();
    @Rule public final Timeout timeout = new Timeout(60, TimeUnit.SECONDS);

    @Test
    public void shouldExecuteACommandLineAndSendOutputAndStatus() throws IOException {
        Answer answer = shell.execute("task:status");

        assertThat(answer.out())
                .startsWith("source fake, 3 watchers in 2 modules, 3 tasks\npid ")
                .contains("base " + shell.base(), "source fake lost 2 events");
        assertThat(answer.err()).isEmpty();
        assertThat(answer.status()).isZero();
    }

    @Test
    public void shouldFormatTheResultOfACommandThatPrintsNothing() throws IOException {
        assertThat(shell.execute("x = [a b]; $x size").out()).isEqualTo("2\n");
    }

    @Test
    public void shouldFindCommandsWithoutTheirScopeAndPipeThem() throws IOException {
        assertThat(shell.execute("ps | grep init").out())
                .contains("/sbin/init")
                .doesNotContain("bash");
    }

    @Test
    public void shouldTellInOneLineThatThereIsNoSuchCommand() throws IOException {
        assertThat(shell.execute("foo bar")).isEqualTo(new Answer("", "no such command: foo\n", 1));
        assertThat(shell.execute("task:foo"))
                .isEqualTo(new Answer("", "no such command: task:foo\n", 1));
    }

    @Test
    public void shouldTellTheUsageOfACommandUsedWrongly() throws IOException {
        assertThat(shell.execute("task:resume"))
                .isEqualTo(
                        new Answer(
                                "",
                                "task:resume: wrong arguments; usage: task:resume MODULE\n",
                                2));
        assertThat(shell.execute("events --count"))
                .extracting(Answer::err, Answer::status)
                .containsExactly(
                        "task:events: the option --count needs a value; see help task:events\n", 2);
    }

    @Test
    public void shouldTellWhereACommandLineIsNoProgram() throws IOException {
        Answer answer = shell.execute("echo 'abc");

        assertThat(answer.err()).startsWith("syntax error: ").hasLineCount(1);
        assertThat(answer.status()).isEqualTo(2);
    }

    @Test
    public void shouldTellInOneLineWhyACommandFailed() throws IOException {
        assertThat(shell.execute("task:unregister x"))
                .isEqualTo(new Answer("", "task:unregister: no module named x\n", 1));
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

        Answer answer = shell.execute("test:fail");

        assertThat(answer.status()).isEqualTo(1);
        assertThat(answer.err()).contains("on purpose");
        assertThat(shell.execute("echo still here").out()).isEqualTo("still here\n");
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
        assertThat(shell.execute("task:wait 999999").err())
                .isEqualTo("task:wait: no process has the id 999999\n");
        assertThat(shell.execute("wait").err())
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
}
