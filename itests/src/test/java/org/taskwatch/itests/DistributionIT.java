// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.itests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.Assume.assumeTrue;

import org.junit.After;
import org.junit.BeforeClass;
import org.junit.Test;
import org.taskwatch.itests.Instance.Result;
import org.taskwatch.itests.Instance.Running;
import org.taskwatch.itests.probe.Broken;
import org.taskwatch.itests.probe.Configured;
import org.taskwatch.itests.probe.Recorder;
import org.taskwatch.testing.Needs;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;

/// The distribution as a process, driven by its command as a user does.
public class DistributionIT {
    private static final String PROBE = "org.taskwatch.itests.probe";

    private final TempFolder folder = TempFolder.create();
    private final Instance taskwatch = new Instance(Instance.distribution(), folder.path());

    @After
    public void cleanUp() {
        taskwatch.close();
        folder.close();
    }

    /// The file is there in the first network namespace alone, and the kernel tells its events to
    /// the first namespaces of processes and users alone (the numbers are the kernel's,
    /// `include/linux/proc_ns.h`). More privilege than that it does not ask for.
    @BeforeClass
    public static void needsTheProcConnector() throws IOException {
        Path connector = Path.of("/proc/net/connector");
        assumeTrue(
                "needs the proc connector",
                Files.exists(connector) && Files.readString(connector).contains("cn_proc"));
        assumeTrue(
                "needs the first namespaces of processes and users",
                isNamespace("pid", "pid:[4026531836]") && isNamespace("user", "user:[4026531837]"));
    }

    private static boolean isNamespace(String kind, String id) throws IOException {
        return Files.readSymbolicLink(Path.of("/proc/self/ns", kind)).toString().equals(id);
    }

    private static void awaitThat(Callable<Boolean> condition) {
        await().atMost(Instance.DEADLINE).pollInterval(Duration.ofMillis(50)).until(condition);
    }

    /// Runs marked processes until the probe has seen one: when it begins to watch, and which process
    /// lives long enough to be read, nothing else tells.
    private void awaitCalled(String revision) {
        int before = folder.seen().size();
        awaitThat(() -> {
            folder.runMarked();
            return folder.seen().stream().skip(before).anyMatch(line -> line.startsWith(revision));
        });
    }

    private long linesOf(String revision) {
        return folder.seen().stream().filter(line -> line.startsWith(revision)).count();
    }

    @Test
    public void shouldTellThatItIsReadyAndItsStatusAndStop() throws Exception {
        Running run = taskwatch.run();

        assertThat(run.out())
                .matches(
                        "taskwatch ready in \\d+ ms: source connector, 3 watchers in 2 modules,"
                                + " \\d+ tasks\n");
        assertThat(taskwatch.call("status").out())
                .startsWith("source connector, 3 watchers in 2 modules");
        assertThat(taskwatch.call("stop").status()).isZero();
        assertThat(run.result().status()).isEqualTo(128 + 15);
        assertThat(taskwatch.base().resolve("run/control")).doesNotExist();
        assertThat(taskwatch.call("status").status()).isEqualTo(3);
    }

    private static Object own(String id) throws IOException {
        return Files.getAttribute(Path.of("/proc/self"), "unix:" + id);
    }

    @Test
    public void shouldShowTheCommandThatIsTypedElsewhereWithItsArguments() throws Exception {
        taskwatch.run();
        Running events = taskwatch.start("events", "--event", "EXEC", "--json", "--comm", "sh");

        awaitThat(() -> {
            folder.runMarked();
            return events.out().contains(folder.marker());
        });

        String line =
                events.out()
                        .lines()
                        .filter(l -> l.contains(folder.marker()))
                        .findFirst()
                        .orElseThrow();
        assertThat(line)
                .startsWith("{\"event\":\"EXEC\",\"seq\":")
                .endsWith("}")
                .contains("\"cmdline\":[\"/bin/sh\",\"-c\",\":\",\"" + folder.marker() + "\"]")
                .contains("\"uid\":%s,\"gid\":%s,\"comm\":\"sh\"".formatted(own("uid"), own("gid")))
                .contains("\"ppid\":" + ProcessHandle.current().pid())
                .contains("\"source\":\"connector\"")
                .containsPattern(
                        "\"time\":\"\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{9}Z\"");
    }

    @Test
    public void shouldEndTheEventsAfterACountAndQuietlyWhenTheReaderIsGone() throws Exception {
        taskwatch.run();

        Running counted = taskwatch.start("events", "--json", "--count", "3");
        awaitThat(() -> {
            folder.runMarked();
            return !counted.process().isAlive();
        });
        assertThat(counted.result().status()).isZero();
        assertThat(counted.out().lines()).hasSize(3);

        Path err = folder.path().resolve("piped");
        Process piped =
                new ProcessBuilder(
                                "/bin/bash",
                                "-c",
                                "set -o pipefail; \"$0\" events --base \"$1\" --json | head -n 1",
                                Instance.distribution().resolve("bin/taskwatch").toString(),
                                taskwatch.base().toString())
                        .redirectError(err.toFile())
                        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                        .start();
        awaitThat(() -> {
            folder.runMarked();
            return !piped.isAlive();
        });
        assertThat(piped.exitValue()).isZero();
        assertThat(err).isEmptyFile();
    }

    @Test
    public void shouldDeployUpdateAndRemoveAJar() throws Exception {
        taskwatch.run();

        taskwatch.deploy("probe.jar", "one", Recorder.class);
        awaitCalled("one");
        assertThat(taskwatch.call("shell", "task:modules").out()).contains(PROBE);

        taskwatch.deploy("probe.jar", "two", Recorder.class);
        awaitCalled("two");

        Files.delete(taskwatch.base().resolve("deploy/probe.jar"));
        awaitThat(() -> !taskwatch.call("shell", "task:modules").out().contains(PROBE));
        assertThat(folder.seen()).endsWith("two deactivated");
    }

    @Test
    public void shouldCallTheWatcherThatTheReadmeShows() throws Exception {
        assumeTrue("needs root, whose commands it prints", own("uid").equals(0));
        Running run = taskwatch.run();

        taskwatch.deploy(
                Shipped.checkout().resolve("examples/root-execs/target/root-execs-1.0.0.jar"));

        awaitThat(() -> {
            folder.runMarked();
            return run.out().contains("[/bin/sh, -c, :, " + folder.marker() + "]");
        });
    }

    @Test
    public void shouldTellWhatCannotBeDeployedAndGoOn() throws Exception {
        Running run = taskwatch.run();
        Path deploy = taskwatch.base().resolve("deploy");

        Files.writeString(deploy.resolve("text.jar"), "this is no jar");
        taskwatch.deploy("needs.jar", "n", Recorder.class, "Require-Capability", "no.such.thing");
        taskwatch.deploy("broken.jar", "b", Broken.class);

        run.awaitErr("text.jar");
        run.awaitErr("needs.jar");
        run.awaitErr("no.such.thing");
        run.awaitErr("broken on purpose");
        taskwatch.deploy("good.jar", "good", Recorder.class);
        awaitCalled("good");
    }

    @Test
    public void shouldRefuseASecondInstanceOnTheSameBaseAndNameTheFirst() throws Exception {
        Running first = taskwatch.run();

        Result second = taskwatch.call("run");

        assertThat(second.status()).isEqualTo(1);
        assertThat(second.err()).contains(Long.toString(first.process().pid())).hasLineCount(1);
    }

    @Test
    public void shouldSayWhyABaseCannotBeUsed() throws Exception {
        Path file = Files.writeString(folder.path().resolve("file"), "");

        Result result = taskwatch.call("run", "--base", file + "/base");

        assertThat(result.status()).isEqualTo(1);
        assertThat(result.err()).contains(file + "/base").hasLineCount(1);
    }

    @Test
    public void shouldExitWithTwoAndOneLineOnWrongUse() throws Exception {
        for (String[] words :
                new String[][] {
                    {"frobnicate"}, {"run", "--frob"}, {"events", "--event", "NOPE"}, {}
                }) {
            Result result = taskwatch.call(words);
            assertThat(result.status()).as(String.join(" ", words)).isEqualTo(2);
            assertThat(result.err()).startsWith("taskwatch: ").hasLineCount(1);
        }
    }

    @Test
    public void shouldExitWithThreeWhereNoInstanceRuns() throws Exception {
        for (String[] words : new String[][] {{"status"}, {"stop"}, {"events"}, {"shell", "lb"}}) {
            Result result = taskwatch.call(words);
            assertThat(result.status()).as(String.join(" ", words)).isEqualTo(3);
            assertThat(result.err()).hasLineCount(1);
        }
    }

    @Test
    public void shouldFailOnACommandThatTheShellDoesNotKnow() throws Exception {
        taskwatch.run();

        Result result = taskwatch.call("shell", "frobnicate");

        assertThat(result.status()).isEqualTo(1);
        assertThat(result.err()).contains("frobnicate").hasLineCount(1);
    }

    @Test
    public void shouldTakeAModuleOutAndInByCommand() throws Exception {
        taskwatch.run();
        taskwatch.deploy("probe.jar", "one", Recorder.class);
        awaitCalled("one");
        taskwatch.deploy("other.jar", "other", Recorder.class);
        awaitCalled("other");
        String module = Instance.module("probe.jar");

        assertThat(taskwatch.call("shell", "task:unregister", module).status()).isZero();
        assertThat(taskwatch.call("shell", "task:modules").out()).contains("GONE");
        long told = linesOf("one");
        awaitCalled("other"); // an event that both would be told
        assertThat(linesOf("one")).isEqualTo(told);

        assertThat(taskwatch.call("shell", "task:register", module).status()).isZero();
        awaitCalled("one");
        assertThat(taskwatch.call("shell", "task:unregister", "nosuch").status()).isEqualTo(1);
    }

    @Test
    public void shouldApplyAConfigurationWhileRunning() throws Exception {
        taskwatch.run();
        taskwatch.deploy("configured.jar", "c", Configured.class);
        awaitThat(() -> folder.seen().contains("c colour null"));
        Path file = taskwatch.base().resolve("etc/" + Configured.PID + ".cfg");

        Files.writeString(file, "colour = green\n");
        awaitThat(() -> folder.seen().contains("c colour green"));

        Files.writeString(file, "colour = blue\n");
        awaitThat(() -> folder.seen().contains("c colour blue"));
    }

    @Test
    public void shouldWorkForAnUserWithoutPrivileges() throws Exception {
        Needs.root("to become another user");
        Path copy = folder.path().resolve("distribution");
        new ProcessBuilder("cp", "-r", Instance.distribution().toString(), copy.toString())
                .inheritIO()
                .start()
                .waitFor();
        new ProcessBuilder("chmod", "-R", "a+rX", copy.toString()).start().waitFor();
        Files.createDirectories(taskwatch.base());
        new ProcessBuilder("chown", "-R", "65534:65534", folder.path().toString())
                .start()
                .waitFor();
        try (Instance nobody =
                new Instance(
                        copy,
                        folder.path(),
                        "setpriv",
                        "--reuid=65534",
                        "--regid=65534",
                        "--clear-groups")) {
            Running run = nobody.run();
            assertThat(run.out()).contains("source connector");
            // Whether it may depends on what is installed; it says so in any case.
            assertThat(Files.readString(nobody.base().resolve("log/taskwatch.log")))
                    .containsPattern("control file system is (not )?mounted on " + nobody.base());
            Running events = nobody.start("events", "--event", "EXEC");
            awaitThat(() -> {
                folder.runMarked();
                return events.out().contains(folder.marker());
            });
        }
    }
}
