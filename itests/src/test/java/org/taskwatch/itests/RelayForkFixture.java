// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.itests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import org.junit.After;
import org.junit.Before;
import org.taskwatch.itests.Instance.Running;
import org.taskwatch.testing.Needs;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;

/// A running instance, the C program of `docs/relayfork.md`, which is compiled here, as the receiver, and shells
/// that fork.
abstract class RelayForkFixture {
    /// A user that nobody else is, whose queue of signals is so its own.
    static final String OTHER_USER = "54321";

    private final TempFolder folder = TempFolder.create();
    final Instance taskwatch = new Instance(Instance.distribution(), folder.path());
    final Path files = taskwatch.base().resolve("fs/relayfork");
    final Path processes = files.resolve("processes");
    private final Path program = folder.path().resolve("forks");
    final List<Process> started = new ArrayList<>();
    Running run;

    /// A receiver, and where it writes what it is told.
    record Receiver(Process process, Path file) {
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
    record Forker(long pid, List<String> children) {
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

    static void awaitThat(Callable<Boolean> condition) {
        await().atMost(Duration.ofSeconds(30)).pollInterval(Duration.ofMillis(20)).until(condition);
    }

    final Process start(ProcessBuilder builder) throws IOException {
        Process process = builder.redirectError(ProcessBuilder.Redirect.INHERIT).start();
        started.add(process);
        return process;
    }

    static void write(Path file, Object text) throws IOException {
        Files.writeString(file, text + "\n", StandardOpenOption.WRITE);
    }

    /// Starts a receiver that registers itself.
    final Receiver receive() throws IOException {
        Receiver told = receive(processes);
        awaitThat(() -> isRegistered(told.process.pid()));
        return told;
    }

    /// Starts a receiver that can be registered.
    ///
    /// @param prefix what stands before the command
    final Receiver receiveLater(String... prefix) throws IOException {
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

    final boolean isRegistered(long pid) throws IOException {
        return List.of(Files.readString(processes).split(" ")).contains(pid + "");
    }

    /// Lets a shell fork, child by child.
    final Forker fork(int count) throws Exception {
        String script = "i=0; while [ $i -lt %d ]; do : & echo $!; wait $!; i=$((i+1)); done";
        Process shell = start(new ProcessBuilder("sh", "-c", script.formatted(count)));
        List<String> children = shell.inputReader().lines().toList();
        assertThat(children).hasSize(count);
        return new Forker(shell.pid(), children);
    }

    final void awaitTold(Receiver told, Forker forker) {
        awaitThat(() -> told.forksOf(forker).size() >= forker.children.size());
    }
}
