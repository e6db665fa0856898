// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.itests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.Assume.assumeTrue;

import org.junit.After;
import org.junit.Before;
import org.ops4j.pax.exam.Configuration;
import org.ops4j.pax.exam.Option;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceRegistration;
import org.taskwatch.api.Task;
import org.taskwatch.api.TaskWatcher;
import org.taskwatch.api.WatchTask;
import org.taskwatch.api.tool.TaskTable;
import org.taskwatch.tasks.SourceInfo;
import org.taskwatch.tasks.Sources;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Hashtable;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;

import javax.inject.Inject;

/// A program whose processes and threads do as they are told, and a watcher of them. Its tests run with each
/// source that sees everything: the connector here, the others in classes that extend the tests.
abstract class LifeFixture {
    static final String FOLDER = "taskwatch.test.life.folder";

    static final Duration DEADLINE = Duration.ofSeconds(20);

    static final Path LAST_PID = Path.of("/proc/sys/kernel/ns_last_pid");

    static final int THREADS = 10_000;

    static final int PROCESSES = 20_000;

    @Inject BundleContext context;

    @Inject TaskTable table;

    @Inject Sources sources;

    final Path program = Path.of(System.getProperty(FOLDER, ""), "life");

    final Diary diary = new Diary();

    final List<Process> started = new ArrayList<>();

    ServiceRegistration<TaskWatcher> registration;

    /// Two numbers that `life` has written.
    record Pair(int a, int b) {}

    /// Compiles the program. Runs outside the framework.
    ///
    /// @return the options
    @Configuration
    public Option[] distribution() throws Exception {
        return distributionWithout("source-ebpf");
    }

    Option[] distributionWithout(String... bundles) throws Exception {
        TempFolder folder = TempFolder.create();
        Runtime.getRuntime().addShutdownHook(new Thread(folder::close));
        Path source = Path.of(System.getProperty("taskwatch.test.classes"), "life", "life.c");
        compile(source, folder.path().resolve("life"));
        System.setProperty(FOLDER, folder.path().toString());
        return Framework.withDistribution(folder.path().resolve("base"), bundles);
    }

    static void compile(Path source, Path program) throws Exception {
        try {
            new ProcessBuilder("gcc", "-pthread", "-o", program.toString(), source.toString())
                    .inheritIO()
                    .start()
                    .waitFor();
        } catch (IOException e) {
            System.out.println("life: no gcc: " + e.getMessage()); // each test assumes the program
        }
    }

    @Before
    public void watch() {
        assumeTrue("needs gcc", Files.isExecutable(program));
        assumeTrue("needs the source " + source(), active().name().equals(source()));
        registration = register(diary, true, false);
    }

    ServiceRegistration<TaskWatcher> register(
            TaskWatcher watcher, boolean threads, boolean existing) {
        Hashtable<String, Object> properties = new Hashtable<>();
        properties.put(
                WatchTask.WATCH_TASK, new String[] {"CLONE", "EXEC", "UID", "GID", "EXIT", "FREE"});
        properties.put(WatchTask.THREADS, threads);
        properties.put(WatchTask.EXISTING, existing);
        return context.registerService(TaskWatcher.class, watcher, properties);
    }

    /// From now on nobody wants threads.
    void watchProcessesOnly() {
        registration.unregister();
        registration = register(diary, false, false);
        awaitThat(() -> isFiltering(1));
    }

    boolean isFiltering(long expected) {
        Long filter = active().counters().get("threadFilter");
        return Long.valueOf(expected).equals(filter);
    }

    private SourceInfo active() {
        return sources.sources().stream()
                .filter(source -> source.state() == SourceInfo.State.ACTIVE)
                .findFirst()
                .orElseThrow();
    }

    /// {@return the name of the source that the tests are about}
    String source() {
        return "connector";
    }

    @After
    public void end() throws InterruptedException {
        for (Process process : started) {
            process.destroyForcibly().waitFor();
        }
        if (registration != null) {
            registration.unregister();
        }
    }

    static void awaitThat(Callable<Boolean> condition) {
        await().atMost(DEADLINE).pollInterval(Duration.ofMillis(20)).until(condition);
    }

    Process start(String... words) throws IOException {
        List<String> command = new ArrayList<>(List.of(program.toString()));
        command.addAll(List.of(words));
        Process process =
                new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
        started.add(process);
        return process;
    }

    static Pair read(Process process) throws IOException {
        String[] words =
                Objects.requireNonNull(process.inputReader().readLine(), "no output").split(" ");
        return new Pair(Integer.parseInt(words[0]), Integer.parseInt(words[1]));
    }

    static void endInput(Process process) throws IOException {
        process.getOutputStream().close();
    }

    void awaitTold(int tid, String event) {
        await().atMost(DEADLINE)
                .pollInterval(Duration.ofMillis(20))
                .untilAsserted(() -> assertThat(diary.life(tid)).contains(event));
    }

    /// Waits until all is told that has happened before.
    void awaitAllTold() throws Exception {
        Process mark = new ProcessBuilder("/bin/true").start();
        mark.waitFor();
        awaitTold((int) mark.pid(), "FREE 0");
    }

    static boolean isRoot() throws IOException {
        return Files.getAttribute(Path.of("/proc/self"), "unix:uid").equals(0);
    }

    static char state(int pid) throws IOException {
        String stat = Files.readString(Path.of("/proc/" + pid + "/stat"));
        return stat.charAt(stat.lastIndexOf(')') + 2);
    }

    static boolean isGrandchild(Task task, int pid) {
        Task parent = task.parent();
        Task grandparent = parent == null ? null : parent.parent();
        return grandparent != null && grandparent.pid() == pid && !task.isThread();
    }
}
