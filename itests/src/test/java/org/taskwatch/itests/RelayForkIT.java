// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.itests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.Test;

import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// What the receivers of relay fork are told: each fork once, or how many they have missed, also after relay
/// fork or the whole instance was gone.
public class RelayForkIT extends RelayForkFixture {
    private static final Path LAST_PID = Path.of("/proc/sys/kernel/ns_last_pid");
    private static final String BUNDLE = "org.taskwatch.relayfork";

    private final Path lost = files.resolve("lost");

    /// {@return what a command has written, which must succeed}
    private String succeed(String... command) throws Exception {
        Process process = start(new ProcessBuilder(command));
        String out = new String(process.getInputStream().readAllBytes());
        assertThat(process.waitFor()).as(String.join(" ", command)).isZero();
        return out;
    }

    @Test
    public void shouldTellOfAThousandForksOfAnotherEachOnceInOrder() throws Exception {
        Receiver one = receive();
        Receiver two = receive();

        Forker forker = fork(1000);

        awaitTold(one, forker);
        awaitTold(two, forker);
        assertThat(one.forksOf(forker)).isEqualTo(forker.lines());
        assertThat(two.forksOf(forker)).isEqualTo(forker.lines());
        assertThat(Files.readString(lost)).isEmpty();
    }

    @Test
    public void shouldTellHowManyForksWereMissedOnceThereIsRoom() throws Exception {
        Receiver told =
                receiveLater("setpriv", "--reuid", OTHER_USER, "prlimit", "--sigpending=50");
        succeed("kill", "-STOP", told.process().pid() + "");
        write(processes, told.process().pid());
        Receiver behind = receive(); // is told after the other, so what it knows has reached both

        Forker forker = fork(200);
        awaitTold(behind, forker);
        succeed("kill", "-CONT", told.process().pid() + "");
        awaitThat(() -> told.missed() > 0);
        awaitTold(told, fork(1));

        List<String> forks = told.forksOf(forker);
        assertThat(forks)
                .hasSizeLessThanOrEqualTo(50)
                .isEqualTo(forker.lines().subList(0, forks.size()));
        assertThat(told.missed()).isGreaterThanOrEqualTo(200 - forks.size());
        assertThat(Files.readString(lost))
                .isEqualTo(told.process().pid() + " " + told.missed() + "\n");
        assertThat(Files.readString(taskwatch.base().resolve("fs/loss")))
                .containsPattern("READER +relayfork +" + told.missed() + " +20");
    }

    @Test
    public void shouldNotSignalAnotherProcessThatGetsThePidOfOneThatWasKilled() throws Exception {
        Receiver told = receive();
        Receiver other = receive();
        long pid = told.process().pid();
        told.process().destroyForcibly().waitFor();

        String script =
                "i=0; while [ $i -lt 100 ]; do i=$((i+1)); echo %d > %s; sleep 100 & [ $! = %d ] &&"
                        + " echo $! && wait; kill -9 $! 2> /dev/null; done";
        Process shell =
                start(new ProcessBuilder("sh", "-c", script.formatted(pid - 1, LAST_PID, pid)));
        assertThat(shell.inputReader().readLine()).as("the pid used again").isEqualTo(pid + "");
        awaitTold(other, fork(100));

        assertThat(isRegistered(pid)).isFalse();
        assertThat(Files.readString(Path.of("/proc", pid + "", "comm"))).isEqualTo("sleep\n");
    }

    @Test
    public void shouldGoOnAfterItWasUninstalledAndDeployedWhileInUse() throws Exception {
        Receiver told = receive();
        try (RandomAccessFile open = new RandomAccessFile(processes.toFile(), "r")) {
            assertThat(open.read()).isPositive();

            assertThat(
                            taskwatch
                                    .call("shell", "felix:uninstall", taskwatch.bundle(BUNDLE))
                                    .status())
                    .isZero();
            assertThatThrownBy(open::read).hasMessageContaining("No such device");
            assertThat(files).doesNotExist();
        }
        Forker meanwhile = fork(10);
        taskwatch.redeploy(BUNDLE);
        awaitThat(() -> Files.exists(processes) && isRegistered(told.process().pid()));
        awaitTold(told, meanwhile); // its lane was held for it
        Forker forker = fork(10);
        awaitTold(told, forker);
        assertThat(told.forksOf(forker)).isEqualTo(forker.lines());
        assertThat(told.lines()).containsOnlyOnce("missed 0");
    }

    @Test
    public void shouldGoOnAfterItWasKilledAndStartedAgain() throws Exception {
        Receiver told = receive();
        Receiver gone = receive();
        run.process().destroyForcibly().waitFor();
        gone.process().destroyForcibly().waitFor();
        Files.writeString(taskwatch.base().resolve("etc/org.taskwatch.relayfork.cfg"), "signal=34");

        run = taskwatch.run();

        assertThat(Files.readString(processes)).isEqualTo(told.process().pid() + " \n");
        Forker forker = fork(10);
        awaitTold(told, forker);
        assertThat(told.lines()).containsOnlyOnce("missed 0");
        assertThat(told.lines().indexOf("missed 0"))
                .isLessThan(told.lines().indexOf(forker.lines().getFirst()));
    }
}
