// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.itests;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.Test;
import org.taskwatch.itests.Instance.Result;
import org.taskwatch.itests.Instance.Running;
import org.taskwatch.itests.probe.Broken;
import org.taskwatch.testing.Needs;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// What an instance and its commands print, how they end, and for whom they work.
public class DistributionIT extends DistributionFixture {
    /// The best source that may be used.
    private static final String SOURCE = Needs.hasBpf() ? "ebpf" : "connector";

    @Test
    public void shouldTellThatItIsReadyAndItsStatusAndStop() throws Exception {
        Running run = taskwatch.run();

        assertThat(run.out())
                .matches(
                        "taskwatch ready in \\d+ ms: source "
                                + SOURCE
                                + ", 3 watchers in 2 modules,"
                                + " \\d+ tasks\n");
        assertThat(taskwatch.call("status").out())
                .startsWith("source " + SOURCE + ", 3 watchers in 2 modules");
        assertThat(taskwatch.call("stop").status()).isZero();
        assertThat(run.result().status()).isEqualTo(128 + 15);
        assertThat(taskwatch.base().resolve("run/control")).doesNotExist();
        assertThat(taskwatch.call("status").status()).isEqualTo(3);
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
                .contains("\"source\":\"" + SOURCE + "\"")
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
    public void shouldNotStartWithAJarInTheFolderLinkThatCannotBeLinked() throws Exception {
        Path jar = Files.createDirectories(taskwatch.base().resolve("link")).resolve("x.jar");
        Files.writeString(jar, "text");
        Result noJar = taskwatch.call("run");

        ProbeBundle.build(
                jar,
                "x",
                folder.path(),
                "x",
                Broken.class,
                "Fragment-Host",
                "org.taskwatch.core",
                "Provide-Capability",
                "taskwatch.table;class=no.such.Watcher;event=EXIT");
        Result noWatcher = taskwatch.call("run");

        for (Result result : List.of(noJar, noWatcher)) {
            assertThat(result.status()).isEqualTo(1);
            assertThat(result.err())
                    .startsWith("taskwatch: cannot link " + jar + ": ")
                    .contains("or take it out of " + jar.getParent() + ", and start again")
                    .hasLineCount(1);
        }
        assertThat(noWatcher.err()).contains("ClassNotFoundException: no.such.Watcher");
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
                    .contains(
                            "The source ebpf can't be used: can't set up BPF programs: creating the"
                                    + " BPF map tw_control failed: EPERM; that needs root, or"
                                    + " CAP_BPF and CAP_PERFMON\n")
                    .containsPattern("control file system is (not )?mounted on " + nobody.base());
            Running events = nobody.start("events", "--event", "EXEC");
            awaitThat(() -> {
                folder.runMarked();
                return events.out().contains(folder.marker());
            });
        }
    }
}
