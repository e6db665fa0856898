// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.Test;
import org.taskwatch.control.Declaration;
import org.taskwatch.launcher.base.Base;
import org.taskwatch.launcher.client.FakeInstance;
import org.taskwatch.launcher.command.Command;

import java.nio.file.Files;
import java.nio.file.Path;

/// What the command line may say, and what an instance is asked for it.
public class MainTest extends MainFixture {
    @Test
    public void shouldAnswerWrongUseWithOneLineAndTwo() {
        assertOneLine("missing required subcommand; see taskwatch --help", 2);
        assertOneLine("unknown command 'foo'; see taskwatch --help", 2, "foo");
        assertOneLine("unknown option '--foo'; see taskwatch run --help", 2, "run", "--foo");
        assertOneLine("unexpected argument 'x'; see taskwatch stop --help", 2, "stop", "x");
        assertOneLine(
                "unknown event 'EXE'; see taskwatch events --help", 2, "events", "--event", "EXE");
        assertOneLine(
                "unknown detail 'EXEC'; see taskwatch events --help",
                2,
                "events",
                "--capture",
                "CWD,EXEC");
        assertOneLine(
                "--count must be at least 1, is 0; see taskwatch events --help",
                2,
                "events",
                "--count",
                "0");
        assertOneLine(
                "--pid must be a number, is x; see taskwatch events --help",
                2,
                "events",
                "--pid",
                "x");
        assertOneLine(
                "the option --pid needs a value; see taskwatch events --help",
                2,
                "events",
                "--pid");
        assertOneLine(
                "unknown option '--json=x'; see taskwatch events --help", 2, "events", "--json=x");
        assertOneLine("unknown option '--js'; see taskwatch events --help", 2, "events", "--js");
        assertOneLine(
                "unknown option '--foo'; see taskwatch shell --help", 2, "shell", "--foo", "lb");
        assertOneLine(
                "the option --output needs a value; see taskwatch monitor --help",
                2,
                "monitor",
                "--output",
                "--",
                "true");
        assertOneLine("missing argument PID...; see taskwatch wait --help", 2, "wait");
        assertOneLine(
                "PID must be at least 1, is 0; see taskwatch wait --help", 2, "wait", "7", "0");
        assertOneLine(
                "unexpected argument '8'; see taskwatch follow --help", 2, "follow", "7", "8");
        assertOneLine(
                "missing argument COMMAND...; see taskwatch monitor --help", 2, "monitor", "--");
    }

    @Test
    public void shouldGiveHelpAndVersionEverywhere() {
        for (String command :
                new String[] {
                    "run",
                    "shell",
                    "events",
                    "wait",
                    "follow",
                    "monitor",
                    "status",
                    "stop",
                    "kmonitor",
                    "audit"
                }) {
            assertThat(Main.execute(command, "--help")).isZero();
            assertThat(out.toString()).contains("taskwatch " + command).contains("--base");
            assertThat(Main.execute("--help")).isZero();
            assertThat(out.toString()).contains("\n  " + command + " ");
            assertThat(Main.execute(command, "-V")).isZero();
            out.reset();
        }
        assertThat(Main.execute("-h")).isZero();
        assertThat(err.toString()).isEmpty();
    }

    @Test
    public void shouldAskToMonitorWithTheOptionsThatTheInstanceKnows() throws Exception {
        Base own = new Base(Path.of(base));
        own.create();
        try (FakeInstance instance =
                new FakeInstance(own, client -> FakeInstance.exit(client, 1))) {
            Path output = Path.of(base, "output");
            assertThat(
                            Main.execute(
                                    "monitor",
                                    "--base=" + base,
                                    "-t",
                                    "--output",
                                    output.toString(),
                                    "true",
                                    "--threads"))
                    .isEqualTo(1);
            assertThat(instance.requests())
                    .containsExactly("C monitor|--threads|--|" + ProcessHandle.current().pid());
        }
    }

    @Test
    public void shouldDescribeEveryCommandInTheDocuments() throws Exception {
        String documents = Files.readString(Path.of("../docs/commands.md"));
        for (Command command : Main.commands()) {
            Declaration declared = command.declaration();
            assertThat(documents)
                    .contains(
                            "| `taskwatch %s` | %s |\n"
                                    .formatted(
                                            declared.synopsis().replace("|", "\\|"),
                                            declared.summary()));
        }
    }

    @Test
    public void shouldExitWithThreeWhenNoInstanceRuns() {
        String line =
                "no instance runs on %1$s; start one by: taskwatch run --base %1$s".formatted(base);
        assertOneLine(line, 3, "status", "--base", base);
        assertOneLine(line, 3, "shell", "--base", base, "lb");
        assertOneLine(line, 3, "events", "--base", base);
        assertOneLine("no instance runs on " + base, 3, "stop", "--base", base);
    }

    @Test
    public void shouldAskTheInstanceAndExitWithItsStatus() throws Exception {
        Base own = new Base(Path.of(base));
        own.create();
        try (FakeInstance instance =
                new FakeInstance(own, client -> FakeInstance.exit(client, 4))) {
            assertThat(Main.execute("status", "--base", base)).isEqualTo(4);
            assertThat(Main.execute("shell", "--base", base, "task:ps", "--threads", "x"))
                    .isEqualTo(4);
            assertThat(Main.execute("shell", "--base", base, "--", "--help", "--")).isEqualTo(4);
            assertThat(
                            Main.execute(
                                    "events",
                                    "--base",
                                    base,
                                    "--event",
                                    "exec,EXIT",
                                    "--pid",
                                    "7",
                                    "--comm",
                                    "it's x",
                                    "--json",
                                    "--capture",
                                    "cwd,LOGIN",
                                    "--count",
                                    "2"))
                    .isEqualTo(4);
            assertThat(instance.requests())
                    .containsExactly(
                            "C status",
                            "E task:ps --threads x",
                            "E --help --",
                            "C events|--event=exec,EXIT|--pid=7|--comm=it's"
                                    + " x|--json|--capture=cwd,LOGIN|--count=2");
        }
    }

    @Test
    public void shouldAskToWaitAndToFollow() throws Exception {
        Base own = new Base(Path.of(base));
        own.create();
        try (FakeInstance instance =
                new FakeInstance(own, client -> FakeInstance.exit(client, 137))) {
            assertThat(Main.execute("wait", "--base=" + base, "7", "8")).isEqualTo(137);
            assertThat(
                            Main.execute(
                                    "follow",
                                    "--base",
                                    base,
                                    "--event",
                                    "uid",
                                    "--threads",
                                    "--",
                                    "9"))
                    .isEqualTo(137);
            assertThat(Main.execute("follow", "9", "--base", base, "--threads")).isEqualTo(137);
            assertThat(Main.execute("wait", "7", "--base", "/x", "8", "--base", base))
                    .isEqualTo(137);
            assertThat(instance.requests())
                    .containsExactly(
                            "C wait|--|7|8",
                            "C follow|--event=uid|--threads|--|9",
                            "C follow|--threads|--|9",
                            "C wait|--|7|8");
        }
    }
}
