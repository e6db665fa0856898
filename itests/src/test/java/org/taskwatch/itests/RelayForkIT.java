// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.itests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import org.junit.After;
import org.junit.Before;
import org.junit.Test;
import org.taskwatch.itests.Instance.Result;
import org.taskwatch.itests.Instance.Running;
import org.taskwatch.testing.Needs;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;

/// Relay fork as its users have it: by its files, with the C program of `docs/relayfork.md`, which is
/// compiled here, as the receiver.
public class RelayForkIT {
    private static final Path LAST_PID = Path.of("/proc/sys/kernel/ns_last_pid");
    private static final String BUNDLE = "org.taskwatch.relayfork";

    /// A user that nobody else is, whose queue of signals is so its own.
    private static final String OTHER_USER = "54321";

    private final TempFolder folder = TempFolder.create();
    private final Instance taskwatch = new Instance(Instance.distribution(), folder.path());
    private final Path files = taskwatch.base().resolve("fs/relayfork");
    private final Path processes = files.resolve("processes");
    private final Path signal = files.resolve("signal");
    private final Path lost = files.resolve("lost");
    private final Path program = folder.path().resolve("forks");
    private final List<Process> started = new ArrayList<>();
    private Running run;

    /// A receiver, and where it writes what it is told.
    private record Receiver(Process process, Path file) {
        List<String> lines() throws IOException {
            return Files.readAllLines(file);
        }

        List<String> forksOf(Forker forker) throws IOException {
            return lines().stream()
                    .filter(line -> line.startsWith(forker.pid + " forked "))
                    .toList();
        }

        long missed() throws IOException {
            return lines().stream()
                    .filter(line -> line.startsWith("missed "))
                    .mapToLong(line -> Long.parseLong(line.split(" ")[1]))
                    .sum();
        }
    }

    /// A shell that has forked.
    private record Forker(long pid, List<String> children) {
        List<String> lines() {
            return children.stream().map(child -> pid + " forked " + child).toList();
        }
    }

    @Before
    public void start() throws Exception {
        Needs.root();
        Files.setPosixFilePermissions(
                folder.path(), PosixFilePermissions.fromString("rwxr-xr-x")); // for the other user
        CProgram.ofPage("relayfork.md", folder.path(), "forks");
        run = taskwatch.run();
    }

    @After
    public void cleanUp() throws Exception {
        for (Process process : started) {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly().waitFor();
        }
        taskwatch.close();
        folder.close();
    }

    private static void awaitThat(Callable<Boolean> condition) {
        await().atMost(Duration.ofSeconds(30)).pollInterval(Duration.ofMillis(20)).until(condition);
    }

    private Process start(ProcessBuilder builder) throws IOException {
        Process process = builder.redirectError(ProcessBuilder.Redirect.INHERIT).start();
        started.add(process);
        return process;
    }

    /// {@return what a command has written, which must succeed}
    private String succeed(String... command) throws Exception {
        Process process = start(new ProcessBuilder(command));
        String out = new String(process.getInputStream().readAllBytes());
        assertThat(process.waitFor()).as(String.join(" ", command)).isZero();
        return out;
    }

    private static void write(Path file, Object text) throws IOException {
        Files.writeString(file, text + "\n", StandardOpenOption.WRITE);
    }

    /// Starts a receiver that registers itself.
    private Receiver receive() throws IOException {
        Receiver told = receive(processes);
        awaitThat(() -> isRegistered(told.process.pid()));
        return told;
    }

    /// Starts a receiver that can be registered.
    ///
    /// @param prefix what stands before the command
    private Receiver receiveLater(String... prefix) throws IOException {
        Path file = Files.createFile(folder.path().resolve("pid"));
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-rw-rw-"));
        Receiver told = receive(file, prefix);
        awaitThat(() -> Files.readString(file).equals(told.process.pid() + "\n"));
        return told;
    }

    private Receiver receive(Path file, String... prefix) throws IOException {
        List<String> command = new ArrayList<>(List.of(prefix));
        command.addAll(List.of(program.toString(), file.toString()));
        Path out = folder.path().resolve("told" + started.size());
        Process process = start(new ProcessBuilder(command).redirectOutput(out.toFile()));
        return new Receiver(process, out);
    }

    private boolean isRegistered(long pid) throws IOException {
        return List.of(Files.readString(processes).split(" ")).contains(pid + "");
    }

    /// Lets a shell fork, child by child.
    private Forker fork(int count) throws Exception {
        String script = "i=0; while [ $i -lt %d ]; do : & echo $!; wait $!; i=$((i+1)); done";
        Process shell = start(new ProcessBuilder("sh", "-c", script.formatted(count)));
        List<String> children = shell.inputReader().lines().toList();
        assertThat(children).hasSize(count);
        return new Forker(shell.pid(), children);
    }

    private void awaitTold(Receiver told, Forker forker) {
        awaitThat(() -> told.forksOf(forker).size() >= forker.children.size());
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
        succeed("kill", "-STOP", told.process.pid() + "");
        write(processes, told.process.pid());
        Receiver behind = receive(); // is told after the other, so what it knows has reached both

        Forker forker = fork(200);
        awaitTold(behind, forker);
        succeed("kill", "-CONT", told.process.pid() + "");
        awaitThat(() -> told.missed() > 0);
        awaitTold(told, fork(1));

        List<String> forks = told.forksOf(forker);
        assertThat(forks)
                .hasSizeLessThanOrEqualTo(50)
                .isEqualTo(forker.lines().subList(0, forks.size()));
        assertThat(told.missed()).isGreaterThanOrEqualTo(200 - forks.size());
        assertThat(Files.readString(lost))
                .isEqualTo(told.process.pid() + " " + told.missed() + "\n");
        assertThat(Files.readString(taskwatch.base().resolve("fs/loss")))
                .containsPattern("READER +relayfork +" + told.missed() + " +20");
    }

    @Test
    public void shouldNotSignalAnotherProcessThatGetsThePidOfOneThatWasKilled() throws Exception {
        Receiver told = receive();
        Receiver other = receive();
        long pid = told.process.pid();
        told.process.destroyForcibly().waitFor();

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
        awaitThat(() -> Files.exists(processes) && isRegistered(told.process.pid()));
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
        gone.process.destroyForcibly().waitFor();
        Files.writeString(taskwatch.base().resolve("etc/org.taskwatch.relayfork.cfg"), "signal=34");

        run = taskwatch.run();

        assertThat(Files.readString(processes)).isEqualTo(told.process.pid() + " \n");
        Forker forker = fork(10);
        awaitTold(told, forker);
        assertThat(told.lines()).containsOnlyOnce("missed 0");
        assertThat(told.lines().indexOf("missed 0"))
                .isLessThan(told.lines().indexOf(forker.lines().getFirst()));
    }

    @Test
    public void shouldTakeAConfigurationAndCommands() throws Exception {
        Receiver told = receiveLater();
        Path etc = taskwatch.base().resolve("etc/org.taskwatch.relayfork.cfg");

        Files.writeString(etc, "signal = 33\nprocesses = " + told.process.pid());
        run.awaitErr("\"33\" is no signal");
        assertThat(Files.readString(processes)).isEqualTo("\n");
        Files.writeString(etc, "signal = 34\nprocesses = " + told.process.pid());
        awaitThat(() -> isRegistered(told.process.pid()));
        awaitTold(told, fork(1));

        assertThat(taskwatch.call("shell", "relayfork:list").out())
                .contains(told.process.pid() + " ");
        Result refused = taskwatch.call("shell", "relayfork:signal", "33");
        assertThat(refused.err()).contains("33").hasLineCount(1);
        assertThat(refused.status()).isEqualTo(2);
        String pid = told.process.pid() + "";
        assertThat(taskwatch.call("shell", "relayfork:remove", pid).status()).isZero();
        assertThat(Files.readString(processes)).isEqualTo("\n");
        assertThat(taskwatch.call("shell", "relayfork:remove", pid).err()).contains("ESRCH");
    }

    @Test
    public void shouldServeAShellThatHasEchoCatAndTailOnly() throws Exception {
        Receiver told = receiveLater();
        String script =
                """
                cd "$0"
                cat processes signal
                echo $1 > processes && echo $1 > processes && cat processes
                echo -$1 > processes && cat processes
                echo -$1 > processes || echo refused
                echo 99999999999 > processes || echo refused
                echo word > processes || echo refused
                echo 33 > signal || echo refused
                echo 64 > signal && tail -n 1 signal
                cat lost
                echo 1 > lost || echo refused
                """;
        String pid = told.process.pid() + "";
        Process shell =
                new ProcessBuilder("sh", "-c", script, files + "", pid)
                        .redirectError(ProcessBuilder.Redirect.DISCARD)
                        .start();
        started.add(shell);

        assertThat(shell.inputReader().lines())
                .containsExactly(
                        "", "34", pid + " ", "", "refused", "refused", "refused", "refused", "64",
                        "refused");
    }

    @Test
    public void shouldFailAsAKernelFileWould() throws Exception {
        for (String text : new String[] {"x", "0", "", ProcessHandle.current().pid() + " 1"}) {
            assertThatThrownBy(() -> write(processes, text))
                    .as(text)
                    .hasMessageContaining("Invalid argument");
        }
        String daemon = run.process().pid() + "";
        assertThatThrownBy(() -> write(processes, daemon)).hasMessageContaining("Invalid argument");
        assertThatThrownBy(() -> write(processes, "99999999999"))
                .hasMessageContaining("Numerical result out of range");
        assertThatThrownBy(() -> write(processes, "2147483647"))
                .hasMessageContaining("No such process");
        assertThatThrownBy(() -> write(processes, "-1")).hasMessageContaining("No such process");
        assertThatThrownBy(() -> write(signal, "33")).hasMessageContaining("Invalid argument");
        assertThat(Files.readString(signal)).isEqualTo("34\n");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(processes)))
                .isEqualTo("rw-r--r--");
        assertThat(
                        new ProcessBuilder(
                                        "setpriv",
                                        "--reuid",
                                        OTHER_USER,
                                        "sh",
                                        "-c",
                                        "cat %s && ! echo 1 > %s".formatted(processes, processes))
                                .start()
                                .waitFor())
                .isZero();
    }
}
