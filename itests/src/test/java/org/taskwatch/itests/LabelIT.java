// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.itests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.taskwatch.itests.FileSystem.awaitThat;

import org.junit.AfterClass;
import org.junit.BeforeClass;
import org.junit.Test;
import org.taskwatch.itests.Instance.Result;
import org.taskwatch.itests.Instance.Running;
import org.taskwatch.testing.Needs;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.attribute.PosixFilePermissions;

/// Labels of real processes, by the commands and by rules. All tests share an instance.
public class LabelIT {
    private static final TempFolder FOLDER = TempFolder.create();
    private static final Instance TASKWATCH = new Instance(Instance.distribution(), FOLDER.path());

    @BeforeClass
    public static void start() throws Exception {
        Files.setPosixFilePermissions(
                FOLDER.path(), PosixFilePermissions.fromString("rwxr-xr-x")); // for nobody
        TASKWATCH.run().assumeSeesAll();
    }

    @AfterClass
    public static void cleanUp() {
        TASKWATCH.close();
        FOLDER.close();
    }

    @Test
    public void shouldLabelACommandAndAllThatItForks() throws Exception {
        Running events = execs("job=ci", 2);

        Result run =
                TASKWATCH.call(
                        "run-labelled",
                        "job=ci",
                        "team=web",
                        "--",
                        "/bin/sh",
                        "-c",
                        "/bin/true; echo $0; exit 7",
                        "word");

        assertThat(run).isEqualTo(new Result(7, "word\n", ""));
        Result seen = events.result();
        assertThat(seen.out().lines())
                .hasSize(2)
                .allMatch(line -> line.contains("\"labels\":{\"job\":\"ci\",\"team\":\"web\"}"));
        assertThat(seen.out()).contains("\"comm\":\"sh\"").contains("\"comm\":\"true\"");
    }

    private static Running execs(String label, int count) throws Exception {
        awaitThat(() -> watchers() == 0); // the stream of another test may just be ending
        Running events =
                TASKWATCH.start(
                        "events",
                        "--event",
                        "EXEC",
                        "--label",
                        label,
                        "--json",
                        "--count=" + count);
        awaitThat(() -> watchers() > 0);
        return events;
    }

    private static long watchers() throws Exception {
        return TASKWATCH
                .call("shell", "task:watchers")
                .out()
                .lines()
                .filter(line -> line.startsWith("org.taskwatch.shell.stream."))
                .count();
    }

    @Test
    public void shouldLabelAProcessThatRuns() throws Exception {
        Process process = new ProcessBuilder("/bin/sh", "-c", "read _; exec sleep 60").start();
        String pid = Long.toString(process.pid());
        try {
            assertThat(TASKWATCH.call("label", pid, "a=1", "b=2").status()).isZero();
            assertThat(TASKWATCH.call("label", "--until-exec", pid, "c=3").status()).isZero();
            assertThat(TASKWATCH.call("label", pid, "b=").status()).isZero();
            assertThat(TASKWATCH.call("label", pid).out()).isEqualTo("a=1\nc=3\n");
            assertThat(TASKWATCH.call("shell", "task:tree " + pid).out())
                    .isEqualTo(pid + " sh {a=1,c=3}\n");

            process.getOutputStream().close();

            awaitThat(() -> TASKWATCH.call("label", pid).out().equals("a=1\n"));
        } finally {
            process.destroyForcibly().waitFor();
        }
    }

    @Test
    public void shouldLabelByTheRulesInEtcAndKeepThemWhenOneIsWrong() throws Exception {
        Process there = new ProcessBuilder("/bin/sleep", "611").start();
        Process shell = new ProcessBuilder("/bin/sh", "-c", "read _; exec sleep 612").start();
        try {
            rules(
                    "(|(pid=%1$d)(pid=%2$d))(comm=sleep)(exe=/*) -> job=idle; (pid=%2$d) -> by=pid"
                            .formatted(there.pid(), shell.pid()));
            awaitThat(() -> labels(there).equals("job=idle\n"));
            assertThat(labels(shell)).isEqualTo("by=pid\n");
            Running events = execs("job=idle", 1);

            rules("(comm=sleep) -> job=other; (uid=root) -> job=root");
            awaitThat(() -> log().contains("rule 2, \"(uid=root) -> job=root\": "));
            shell.getOutputStream().close();

            assertThat(events.result().out())
                    .contains("\"pid\":" + shell.pid() + ",")
                    .contains("\"labels\":{\"by\":\"pid\",\"job\":\"idle\"}");
        } finally {
            there.destroyForcibly().waitFor();
            shell.destroyForcibly().waitFor();
        }
    }

    @Test
    public void shouldTakeTheRulesThatACommandHasSet() throws Exception {
        Process process = new ProcessBuilder("/bin/sleep", "613").start();
        String pid = "org.taskwatch.labels";
        try {
            String rules = "rules=(pid=" + process.pid() + ") -> by=command";
            assertThat(TASKWATCH.call("config", "set", pid, rules))
                    .isEqualTo(new Result(0, "", ""));
            awaitThat(() -> labels(process).equals("by=command\n"));
            assertThat(TASKWATCH.call("config", "get", pid, "rules").out())
                    .isEqualTo(rules.substring("rules=".length()) + "\n");
        } finally {
            process.destroyForcibly().waitFor();
            TASKWATCH.call("config", "unset", pid);
        }
        assertThat(TASKWATCH.call("config").out()).containsPattern(pid + " +0  ");
    }

    private static void rules(String rules) throws Exception {
        TASKWATCH.configure("org.taskwatch.labels", "rules = " + rules);
    }

    private static String labels(Process process) throws Exception {
        return TASKWATCH.call("label", Long.toString(process.pid())).out();
    }

    private static String log() throws Exception {
        return Files.readString(TASKWATCH.base().resolve("log/taskwatch.log"));
    }

    @Test
    public void shouldKeepLabelsOverARestart() throws Exception {
        Process process = new ProcessBuilder("/bin/sh", "-c", "read _; sleep 60").start();
        String pid = Long.toString(process.pid());
        try {
            assertThat(TASKWATCH.call("label", pid, "job=ci").status()).isZero();

            assertThat(TASKWATCH.call("stop").status()).isZero();
            TASKWATCH.run();

            assertThat(TASKWATCH.call("label", pid).out()).isEqualTo("job=ci\n");
        } finally {
            process.destroyForcibly().waitFor();
        }
    }

    @Test
    public void shouldLetAUserLabelHisOwnProcessesByTheFile() throws Exception {
        FileSystem.assumeIsPossible();
        Needs.root("to become another user");
        String labels = TASKWATCH.base() + "/fs/labels";
        // A child would have the label too, so the shell becomes the reader.
        Result own = asNobody("echo \"$$ job=ci\" > " + labels + "; exec cat " + labels);
        assertThat(own.err()).isEmpty();
        assertThat(own.out()).matches("\\d+ job=ci\n");

        assertThat(asNobody("/bin/echo '1 job=ci' > " + labels).err())
                .endsWith("Operation not permitted\n");
        assertThat(asNobody("/bin/echo \"$$ Job=ci\" > " + labels).err())
                .endsWith("Invalid argument\n");
        assertThat(TASKWATCH.call("label", "1").out()).isEmpty();
    }

    private Result asNobody(String script) throws Exception {
        ProcessBuilder builder =
                new ProcessBuilder(
                        "setpriv",
                        "--reuid=65534",
                        "--regid=65534",
                        "--clear-groups",
                        "sh",
                        "-c",
                        script);
        Process process = builder.start();
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        String err = new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Result(process.waitFor(), out, err);
    }

    @Test
    public void shouldStartNothingIfItCannotBeLabelled() throws Exception {
        Result refused = TASKWATCH.call("run-labelled", "Job=ci", "--", "/bin/echo", "ran");
        assertThat(refused.status()).isEqualTo(125);
        assertThat(refused.out()).isEmpty();
        assertThat(refused.err()).contains("label \"Job\": expected a key");

        assertThat(TASKWATCH.call("run-labelled", "job=ci", "/bin/echo").status()).isEqualTo(125);
        assertThat(TASKWATCH.call("run-labelled", "job=ci", "--", "no-such-command").status())
                .isEqualTo(127);
    }
}
