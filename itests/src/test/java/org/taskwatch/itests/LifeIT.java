// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.itests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.Assume.assumeTrue;

import org.junit.After;
import org.junit.Before;
import org.junit.Test;
import org.junit.runner.RunWith;
import org.ops4j.pax.exam.Configuration;
import org.ops4j.pax.exam.Option;
import org.ops4j.pax.exam.junit.PaxExam;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceRegistration;
import org.taskwatch.api.Task;
import org.taskwatch.api.TaskWatcher;
import org.taskwatch.api.WatchTask;
import org.taskwatch.api.tool.TaskTable;
import org.taskwatch.tasks.Sources;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Hashtable;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;

import javax.inject.Inject;

/// Lives out of the ordinary, on the live kernel: what is told of each, how often and in which order.
/// The processes are made by `life.c`, which is compiled here.
@RunWith(PaxExam.class)
public class LifeIT {
    private static final String FOLDER = "taskwatch.test.life.folder";
    private static final Duration DEADLINE = Duration.ofSeconds(20);
    private static final Path LAST_PID = Path.of("/proc/sys/kernel/ns_last_pid");
    private static final int THREADS = 10_000;
    private static final int PROCESSES = 20_000;

    @Inject private BundleContext context;
    @Inject private TaskTable table;
    @Inject private Sources sources;

    private final Path program = Path.of(System.getProperty(FOLDER, ""), "life");
    private final Diary diary = new Diary();
    private final List<Process> started = new ArrayList<>();
    private ServiceRegistration<TaskWatcher> registration;

    /// Two numbers that `life` has written.
    private record Pair(int a, int b) {}

    /// Compiles the program. Runs outside the framework.
    ///
    /// @return the options
    @Configuration
    public Option[] distribution() throws Exception {
        TempFolder folder = TempFolder.create();
        Runtime.getRuntime().addShutdownHook(new Thread(folder::close));
        Path source = Path.of(System.getProperty("taskwatch.test.classes"), "life", "life.c");
        compile(source, folder.path().resolve("life"));
        System.setProperty(FOLDER, folder.path().toString());
        return Framework.withDistribution(folder.path().resolve("base"));
    }

    private static void compile(Path source, Path program) throws Exception {
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
        registration = register(diary, true, false);
    }

    private ServiceRegistration<TaskWatcher> register(
            TaskWatcher watcher, boolean threads, boolean existing) {
        Hashtable<String, Object> properties = new Hashtable<>();
        properties.put(
                WatchTask.WATCH_TASK, new String[] {"CLONE", "EXEC", "UID", "GID", "EXIT", "FREE"});
        properties.put(WatchTask.THREADS, threads);
        properties.put(WatchTask.EXISTING, existing);
        return context.registerService(TaskWatcher.class, watcher, properties);
    }

    /// From now on nobody wants threads.
    private void watchProcessesOnly() {
        registration.unregister();
        registration = register(diary, false, false);
        assumeTrue(
                "needs the proc connector",
                sources.sources().getFirst().name().equals("connector"));
        awaitThat(() -> isFiltering(1));
    }

    private boolean isFiltering(long expected) {
        Long filter = sources.sources().getFirst().counters().get("threadFilter");
        return Long.valueOf(expected).equals(filter);
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

    private static void awaitThat(Callable<Boolean> condition) {
        await().atMost(DEADLINE).pollInterval(Duration.ofMillis(20)).until(condition);
    }

    private Process start(String... words) throws IOException {
        List<String> command = new ArrayList<>(List.of(program.toString()));
        command.addAll(List.of(words));
        Process process =
                new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
        started.add(process);
        return process;
    }

    private static Pair read(Process process) throws IOException {
        String[] words =
                Objects.requireNonNull(process.inputReader().readLine(), "no output").split(" ");
        return new Pair(Integer.parseInt(words[0]), Integer.parseInt(words[1]));
    }

    private static void endInput(Process process) throws IOException {
        process.getOutputStream().close();
    }

    private void awaitTold(int tid, String event) {
        awaitThat(() -> diary.life(tid).contains(event));
    }

    /// Waits until all is told that has happened before.
    private void awaitAllTold() throws Exception {
        Process mark = new ProcessBuilder("/bin/true").start();
        mark.waitFor();
        awaitTold((int) mark.pid(), "FREE 0");
    }

    private static char state(int pid) throws IOException {
        String stat = Files.readString(Path.of("/proc/" + pid + "/stat"));
        return stat.charAt(stat.lastIndexOf(')') + 2);
    }

    @Test
    public void shouldTellTheExitOfAProcessAfterItsLastThreadIfTheFirstHasLeft() throws Exception {
        Process process = start("leader");
        Pair pair = read(process);
        awaitThat(() -> state(pair.a) == 'Z');
        awaitAllTold();
        assertThat(diary.life(pair.a)).endsWith("EXEC");
        assertThat(diary.life(pair.b)).containsExactly("CLONE");

        endInput(process);
        awaitTold(pair.a, "FREE 1792");
        Map<Task, String> lives = diary.lives(task -> task.pid() == pair.a);
        assertThat(lives.values())
                .containsExactly(
                        "CLONE,EXEC,EXEC,EXIT 1792,FREE 1792", "CLONE,EXIT 1792,FREE 1792");
    }

    @Test
    public void shouldTellThatExitAfterTheLastThreadTooIfNobodyWantsThreads() throws Exception {
        watchProcessesOnly();
        Process process = start("leader");
        Pair pair = read(process);
        awaitThat(() -> state(pair.a) == 'Z');
        awaitAllTold();
        assertThat(diary.life(pair.a)).endsWith("EXEC");
        assertThat(table.task(pair.b)).isNull();

        endInput(process);
        awaitTold(pair.a, "FREE 1792");
        assertThat(diary.lives(task -> task.pid() == pair.a).values())
                .containsExactly("CLONE,EXEC,EXEC,EXIT 1792,FREE 1792");
    }

    @Test
    public void shouldTellOneLifeOfThatProcessTooIfNobodyWantsThreads() throws Exception {
        watchProcessesOnly();
        Pair pair = read(start("exec"));
        awaitTold(pair.a, "FREE 768");

        assertThat(diary.lives(task -> task.pid() == pair.a).values())
                .containsExactly("CLONE,EXEC,EXEC,EXEC,EXIT 768,FREE 768");
    }

    @Test
    public void shouldTellNothingOfThreadsUntilSomebodyWantsThem() throws Exception {
        watchProcessesOnly();
        Map<Task, String> before = diary.lives(Task::isThread); // when it was told of threads
        long clones = sources.counts().clones();
        Process storm = start("threads", "1000");
        assertThat(storm.waitFor()).isZero();
        awaitTold((int) storm.pid(), "FREE 0");
        assertThat(sources.counts().clones()).isEqualTo(clones);
        Process process = start("leader");
        Pair pair = read(process);
        Diary joined = new Diary();
        ServiceRegistration<TaskWatcher> joiner = register(joined, true, true);
        try {
            awaitThat(() -> joined.life(pair.b).contains("CLONE")); // it was there before
            Process next = start("threads", "100");
            endInput(process);
            awaitThat(() -> joined.life(pair.a).contains("FREE 1792"));
            assertThat(joined.life(pair.b)).containsExactly("CLONE", "EXIT 1792", "FREE 1792");
            awaitThat(() -> joined.life((int) next.pid()).contains("FREE 0"));
            assertThat(joined.lives(t -> t.isThread() && t.pid() == (int) next.pid()).values())
                    .hasSize(100)
                    .containsOnly("CLONE,EXIT 0,FREE 0");
            assertThat(diary.lives(Task::isThread)).isEqualTo(before);
            assertThat(joined.losses()).isEmpty();
        } finally {
            joiner.unregister();
        }
        awaitThat(() -> isFiltering(1));
    }

    @Test
    public void shouldTellThreadsFromTheRegistrationOfWhoWantsThemOn() throws Exception {
        for (int i = 0; i < 20; i++) {
            watchProcessesOnly();
            Diary joined = new Diary();
            ServiceRegistration<TaskWatcher> joiner = register(joined, true, false);
            try {
                Process process = start("threads", "10");
                assertThat(process.waitFor()).isZero();
                awaitThat(() -> joined.life((int) process.pid()).contains("FREE 0"));
                assertThat(joined.lives(t -> t.isThread() && t.pid() == process.pid()).values())
                        .hasSize(10)
                        .containsOnly("CLONE,EXIT 0,FREE 0");
            } finally {
                joiner.unregister();
            }
        }
    }

    @Test
    public void shouldTellOneLifeOfAProcessWhoseOtherThreadExecutes() throws Exception {
        Pair pair = read(start("exec"));
        awaitTold(pair.a, "FREE 768");

        assertThat(diary.life(pair.a))
                .containsExactly("CLONE", "EXEC", "EXEC", "EXEC", "EXIT 768", "FREE 768");
        assertThat(diary.lives(task -> task.isThread() && task.pid() == pair.a).values())
                .hasSize(2)
                .allMatch(life -> life.matches("CLONE,EXIT -?\\d+,FREE -?\\d+"));
    }

    @Test
    public void shouldNotTellTheFreeOfAZombieUntilItIsReaped() throws Exception {
        Process process = start("zombie");
        Pair pair = read(process);
        awaitTold(pair.b, "EXIT 1280");
        awaitAllTold();
        assertThat(diary.life(pair.b)).containsExactly("CLONE", "EXIT 1280");
        assertThat(table.task(pair.b)).isNotNull().matches(task -> !task.isFreed());

        endInput(process);
        awaitTold(pair.b, "FREE 1280");
        assertThat(table.task(pair.b)).isNull();
    }

    @Test
    public void shouldKeepWhoForkedATaskAsItsParentWhenTheKernelGivesItAnother() throws Exception {
        Process process = start("orphan");
        Pair pair = read(process);
        awaitTold(pair.a, "FREE 0");
        Task child = Objects.requireNonNull(table.task(pair.b));
        Task forker = Objects.requireNonNull(child.parent());

        assertThat(forker.pid()).isEqualTo(pair.a);
        assertThat(forker.isFreed()).isTrue();
        assertThat(Files.readString(Path.of("/proc/" + pair.b + "/stat")).split(" ")[3])
                .isNotEqualTo(pair.a + "");
        endInput(process);
        awaitTold(pair.b, "FREE 1024");
        assertThat(child.parent()).isSameAs(forker);
    }

    @Test
    public void shouldTellTwoLivesOfAPidThatIsUsedAgainAtOnce() throws Exception {
        assumeTrue(
                "needs root in the first pid namespace",
                Files.isWritable(LAST_PID)
                        && Files.getAttribute(Path.of("/proc/self"), "unix:uid").equals(0));
        int pid = read(start("reuse")).b;
        assumeTrue("needs others to leave a pid alone for a moment", pid != 0);
        awaitTold(pid, "FREE 512");

        assertThat(diary.life(pid))
                .endsWith("CLONE", "EXIT 256", "FREE 256", "CLONE", "EXIT 512", "FREE 512");
        List<Task> tasks = diary.tasks(pid);
        Task kept = tasks.get(tasks.size() - 2);
        Task next = tasks.getLast();
        assertThat(kept).isNotEqualTo(next);
        assertThat(kept.isFreed()).isTrue();
        assertThat(kept.exitStatus()).hasValue(256);
        assertThat(next.exitStatus()).hasValue(512);
        assertThat(kept.start()).isBefore(next.start());
    }

    @Test
    public void shouldTellTheLifeOfEachOfTenThousandThreadsOnce() throws Exception {
        Process process = start("threads", THREADS + "");
        int pid = (int) process.pid();
        assumeTrue("needs the limits to allow 10,000 threads", process.waitFor() == 0);
        awaitThat(() -> diary.life(pid).contains("FREE 0"));

        assertThat(diary.losses()).isEmpty();
        assertThat(diary.lives(task -> task.isThread() && task.pid() == pid).values())
                .hasSize(THREADS)
                .containsOnly("CLONE,EXIT 0,FREE 0");
    }

    @Test
    public void shouldTellEachOfTwentyThousandLivesInOrder() throws Exception {
        Process process = start("processes", PROCESSES + "");
        int pid = (int) process.pid();
        assertThat(process.waitFor()).isZero();
        awaitThat(() -> diary.life(pid).contains("FREE 0"));

        assertThat(diary.losses()).isEmpty();
        Map<Task, String> lives = diary.lives(task -> isGrandchild(task, pid));
        assertThat(lives.values())
                .hasSize(PROCESSES)
                .containsOnly("CLONE,EXIT 0,FREE 0", "CLONE,EXEC,EXIT 0,FREE 0");
        assertThat(lives.values().stream().filter(life -> life.contains("EXEC")))
                .hasSize(PROCESSES / 10);
    }

    private static boolean isGrandchild(Task task, int pid) {
        Task parent = task.parent();
        Task grandparent = parent == null ? null : parent.parent();
        return grandparent != null && grandparent.pid() == pid && !task.isThread();
    }
}
