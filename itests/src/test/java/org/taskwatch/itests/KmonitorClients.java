// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.itests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import org.junit.rules.ExternalResource;
import org.taskwatch.itests.Instance.Running;
import org.taskwatch.testing.Needs;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/// A running instance, and the programs that use its file `kmonitor`: that of the page
/// `docs/kmonitor.md`, and `monitor.c`.
public final class KmonitorClients extends ExternalResource {
    /// What has happened in the millisecond before a registration may be told to the monitor too, so a target must
    /// be older than that, by its exec.
    private static final long TOLD_TOO_NANOS = TimeUnit.MILLISECONDS.toNanos(2);

    /// A user that nobody else is, whose queue of signals is so its own.
    static final String USER = "54322";

    static final int SIGNAL = 40;

    private final TempFolder folder = TempFolder.create();
    private final Instance taskwatch = new Instance(Instance.distribution(), folder.path());
    private final Path file = taskwatch.base().resolve("fs/kmonitor");
    private final List<Process> started = new ArrayList<>();
    private Running run;

    @Override
    protected void before() throws Exception {
        Needs.root();
        Files.setPosixFilePermissions(
                folder.path(), PosixFilePermissions.fromString("rwxr-xr-x")); // for other users
        CProgram.compile(CProgram.source("kmonitor/monitor.c"), folder.path(), "monitor");
        CProgram.ofPage("kmonitor.md", folder.path(), "page");
        run = taskwatch.run();
    }

    @Override
    protected void after() {
        taskwatch.close();
        folder.close();
    }

    /// Ends all programs. Called after each test.
    void endPrograms() throws InterruptedException {
        for (Process process : started) {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly().waitFor();
        }
        started.clear();
    }

    Instance taskwatch() {
        return taskwatch;
    }

    Path folder() {
        return folder.path();
    }

    Path file() {
        return file;
    }

    static void awaitThat(Callable<Boolean> condition) {
        await().atMost(Duration.ofSeconds(20)).pollInterval(Duration.ofMillis(20)).until(condition);
    }

    KmonitorProgram start(String... command) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(command);
        Process process =
                builder.directory(folder.path().toFile())
                        .redirectError(ProcessBuilder.Redirect.INHERIT)
                        .start();
        started.add(process);
        return new KmonitorProgram(process);
    }

    KmonitorProgram monitor(String... prefix) throws IOException {
        KmonitorProgram monitor = program(List.of(prefix), file.toString());
        assertThat(monitor.answer()).isEqualTo("0");
        return monitor;
    }

    /// Starts one that is to be watched.
    KmonitorProgram target(String... words) throws IOException {
        KmonitorProgram target = program(List.of(), words);
        assertThat(target.answer()).isEqualTo(target.pid() + "");
        long answered = System.nanoTime();
        while (System.nanoTime() - answered < TOLD_TOO_NANOS) {
            Thread.onSpinWait();
        }
        return target;
    }

    KmonitorProgram program(List<String> prefix, String... words) throws IOException {
        List<String> command = new ArrayList<>(prefix);
        command.add(folder.path().resolve("monitor").toString());
        command.addAll(List.of(words));
        return start(command.toArray(String[]::new));
    }

    static String[] as(String user) {
        return new String[] {"setpriv", "--reuid=" + user, "--regid=" + user, "--clear-groups"};
    }

    boolean isListed(long monitor) throws IOException {
        return Files.readString(file).contains("monitor " + monitor + " ");
    }

    /// {@return whether the instance has a descriptor of a process}
    boolean isPinned(long pid) throws IOException {
        Path folder = Path.of("/proc", run.process().pid() + "", "fdinfo");
        try (Stream<Path> all = Files.list(folder)) {
            return all.anyMatch(file -> read(file).contains("Pid:\t" + pid + "\n"));
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            return ""; // closed meanwhile
        }
    }

    void assertNothingIsWatched() {
        awaitThat(() -> !taskwatch.call("shell", "task:watchers").out().contains("kmonitor"));
    }
}
