// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.itests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.Assume.assumeTrue;

import org.junit.After;
import org.junit.Before;
import org.junit.Test;
import org.taskwatch.itests.Instance.Running;
import org.taskwatch.itests.probe.Recorder;
import org.taskwatch.testing.Needs;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// A user who leaves thousands of zombies, several times as many as there are descriptors for them.
public class ZombiesIT {
    private static final int ZOMBIES = 12_000;
    private static final int LIMIT = 1_000; // the default of the connector

    /// A [FREE without a descriptor](file:../bundles/source-connector/README.md) comes within 4.4 s;
    /// the machine may be busy.
    private static final Duration SOON = Duration.ofSeconds(15);

    private final TempFolder folder = TempFolder.create();
    private final Instance taskwatch = new Instance(Instance.distribution(), folder.path());
    private Running run;
    private Running witness;
    private Path program;
    private Process zombies;

    @Before
    public void start() throws Exception {
        Files.setPosixFilePermissions(
                folder.path(), PosixFilePermissions.fromString("rwxr-xr-x")); // for nobody
        program = CProgram.compile(CProgram.source("zombies/zombies.c"), folder.path(), "zombies");
        taskwatch.useConnector(); // which holds descriptors of zombies
        run = taskwatch.run();
        assumeTrue("needs the proc connector", run.out().contains("source connector"));
        witness = taskwatch.start("events", "--json", "--processes", "--event", "EXIT,FREE");
        Mark.in(witness);
    }

    @After
    public void cleanUp() throws Exception {
        if (zombies != null) {
            zombies.destroyForcibly().waitFor();
        }
        taskwatch.close();
        folder.close();
    }

    private static void awaitThat(Duration deadline, Callable<Boolean> condition) {
        await().atMost(deadline).pollInterval(Duration.ofMillis(200)).until(condition);
    }

    private void startZombies() throws IOException {
        String[] asNobody =
                Files.isExecutable(Path.of("/usr/bin/setpriv")) && Needs.isRoot()
                        ? new String[] {
                            "setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"
                        }
                        : new String[] {};
        List<String> command =
                Stream.concat(Stream.of(asNobody), Stream.of(program + "", ZOMBIES + "")).toList();
        zombies = new ProcessBuilder(command).start();
    }

    /// {@return the tids of the zombies of which an event was told, as often as it was}
    private List<Integer> told(String event) throws IOException {
        String begin = "{\"event\":\"" + event + "\",";
        String parent = "\"ppid\":" + zombies.pid() + ",";
        String out = witness.out();
        String ofThem =
                out.substring(0, out.lastIndexOf('\n') + 1) // the last line may not be whole yet
                        .lines()
                        .filter(line -> line.startsWith(begin) && line.contains(parent))
                        .map(line -> line + "\n")
                        .collect(Collectors.joining());
        return Told.parse(ofThem).stream().map(Told::tid).toList();
    }

    private long pidFds() throws IOException {
        try (Stream<Path> files = Files.list(Path.of("/proc/" + run.process().pid() + "/fd"))) {
            return files.filter(ZombiesIT::isPidFd).count();
        }
    }

    // "pidfd:[inode]", before Linux 6.9 "anon_inode:[pidfd]"
    private static boolean isPidFd(Path file) {
        try {
            return Files.readSymbolicLink(file).toString().contains("pidfd");
        } catch (IOException e) {
            return false; // closed meanwhile
        }
    }

    @Test
    public void shouldHoldFewDescriptorsAndWorkOnAndTellEachFreeSoon() throws Exception {
        long before = pidFds();
        startZombies();
        BufferedReader said = zombies.inputReader();
        assertThat(said.readLine()).isEqualTo(ZOMBIES + "");
        awaitThat(Instance.DEADLINE, () -> told("EXIT").size() == ZOMBIES);

        // One more is open while a process without is asked.
        assertThat(pidFds()).isBetween(LIMIT / 2L, LIMIT + 1L);
        assertThat(taskwatch.call("status").status()).isZero();
        taskwatch.deploy("probe.jar", "one", Recorder.class);
        awaitThat(
                Instance.DEADLINE,
                () ->
                        taskwatch
                                .call("shell", "task:modules")
                                .out()
                                .contains(Instance.module("probe.jar")));
        assertThat(told("FREE")).isEmpty();

        zombies.getOutputStream().close();
        assertThat(said.readLine()).isEqualTo("reaped");
        long reaped = System.nanoTime();
        awaitThat(SOON, () -> told("FREE").size() >= ZOMBIES);
        Duration took = Duration.ofNanos(System.nanoTime() - reaped);
        System.out.println(
                "zombies: all told as free " + took.toMillis() + " ms after the last reap");
        Mark.in(witness);
        assertThat(told("FREE")).hasSize(ZOMBIES).doesNotHaveDuplicates();
        assertThat(Set.copyOf(told("EXIT"))).isEqualTo(Set.copyOf(told("FREE")));
        assertThat(witness.out()).doesNotContain("\"event\":\"LOST\"");
        awaitThat(Instance.DEADLINE, () -> pidFds() <= before);
    }
}
