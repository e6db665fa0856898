// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.itests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.Assume.assumeTrue;

import org.junit.After;
import org.junit.AfterClass;
import org.junit.BeforeClass;
import org.junit.Test;
import org.taskwatch.itests.Instance.Running;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// kmonitor as its users have it: C programs that know `/dev/kmonitor`. One is that of the page
/// `docs/kmonitor.md`, the other `monitor.c`; both are compiled here.
public class KmonitorIT {
    private static final Path PAGE = Path.of("../docs/kmonitor.md");
    private static final Path DEVICE = Path.of("/dev/kmonitor");
    private static final String JAR = "org.taskwatch.kmonitor-0.1.0.jar";

    /// Users that nobody else is, whose queues of signals are so their own.
    private static final String USER = "54322";

    private static final String OTHER_USER = "54323";

    private static final int SIGNAL = 40;
    private static final int EXEC = 0x20;
    private static final int EXIT = 0x40;
    private static final int FORK = 0x08;
    private static final int INHERIT = 0x2000_0000;
    private static final int LOST = 0x4000_0000;
    private static final int ENODEV = 19;

    private static final TempFolder FOLDER = TempFolder.create();
    private static final Instance TASKWATCH = new Instance(Instance.distribution(), FOLDER.path());
    private static final Path FILE = TASKWATCH.base().resolve("fs/kmonitor");
    private static Running run;

    private final List<Process> started = new ArrayList<>();

    @BeforeClass
    public static void start() throws Exception {
        assumeTrue("needs root", Files.getAttribute(Path.of("/proc/self"), "unix:uid").equals(0));
        Files.setPosixFilePermissions(
                FOLDER.path(), PosixFilePermissions.fromString("rwxr-xr-x")); // for other users
        Path source = Path.of(System.getProperty("taskwatch.test.classes"), "kmonitor/monitor.c");
        compile(source, "monitor");
        Matcher code =
                Pattern.compile("```c\n(.*?)```", Pattern.DOTALL).matcher(Files.readString(PAGE));
        assertThat(code.find()).isTrue();
        compile(Files.writeString(FOLDER.path().resolve("page.c"), code.group(1)), "page");
        run = TASKWATCH.run();
    }

    private static void compile(Path source, String program) throws Exception {
        Process gcc =
                new ProcessBuilder(
                                "gcc",
                                "-Wall",
                                "-Wextra",
                                "-Werror",
                                "-pthread",
                                "-o",
                                program,
                                source + "")
                        .directory(FOLDER.path().toFile())
                        .inheritIO()
                        .start();
        assertThat(gcc.waitFor()).isZero();
    }

    @AfterClass
    public static void stop() {
        TASKWATCH.close();
        FOLDER.close();
    }

    @After
    public void endPrograms() throws InterruptedException {
        for (Process process : started) {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly().waitFor();
        }
    }

    private static void awaitThat(Callable<Boolean> condition) {
        await().atMost(Duration.ofSeconds(20)).pollInterval(Duration.ofMillis(20)).until(condition);
    }

    /// A program that answers with lines.
    private record Program(Process process) {
        long pid() {
            return process.pid();
        }

        void go() throws IOException {
            tell("");
        }

        void tell(String line) throws IOException {
            process.outputWriter().append(line).append('\n').flush();
        }

        String answer() throws IOException {
            String line = process.inputReader().readLine();
            return Objects.requireNonNull(line, "the program has ended").replaceFirst("^= ", "");
        }

        String ask(String line) throws IOException {
            tell(line);
            return answer();
        }

        int register(long pid, int mask) throws IOException {
            return register(pid, mask, SIGNAL);
        }

        int register(long pid, int mask, int signal) throws IOException {
            return Integer.parseInt(ask("r %d %d %d".formatted(pid, mask, signal)));
        }

        /// {@return the next signal, of root's or nobody's task, as `INT PID`}
        String signal() throws IOException {
            return signal(SIGNAL, 0);
        }

        String signal(int number, int uid) throws IOException {
            String[] words = ask("w").split(" ");
            assertThat(words).hasSize(5);
            assertThat(words[0]).as("si_signo").isEqualTo(number + "");
            assertThat(words[1]).as("si_code").isEqualTo("-1");
            assertThat(words[4]).as("si_uid").isEqualTo(uid + "");
            return words[2] + " " + words[3];
        }
    }

    private Program start(String... command) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(command);
        Process process =
                builder.directory(FOLDER.path().toFile())
                        .redirectError(ProcessBuilder.Redirect.INHERIT)
                        .start();
        started.add(process);
        return new Program(process);
    }

    private Program monitor(String... prefix) throws IOException {
        Program monitor = program(List.of(prefix), FILE.toString());
        assertThat(monitor.answer()).isEqualTo("0");
        return monitor;
    }

    /// Starts one that is to be watched.
    private Program target(String... words) throws IOException {
        Program target = program(List.of(), words);
        assertThat(target.answer()).isEqualTo(target.pid() + "");
        return target;
    }

    private Program program(List<String> prefix, String... words) throws IOException {
        List<String> command = new ArrayList<>(prefix);
        command.add(FOLDER.path().resolve("monitor").toString());
        command.addAll(List.of(words));
        return start(command.toArray(String[]::new));
    }

    private static String[] as(String user) {
        return new String[] {"setpriv", "--reuid=" + user, "--regid=" + user, "--clear-groups"};
    }

    private static boolean isListed(long monitor) throws IOException {
        return Files.readString(FILE).contains("monitor " + monitor + " ");
    }

    @Test
    public void shouldServeTheProgramOfThePageByTheLinkThatTheCommandMakes() throws Exception {
        assumeTrue(DEVICE + " is in use", !Files.exists(DEVICE, LinkOption.NOFOLLOW_LINKS));
        assertThat(TASKWATCH.call("kmonitor", "install").status()).isZero();
        try {
            Program page = start(FOLDER.path().resolve("page").toString());
            List<String> lines = page.process().inputReader().lines().toList();
            assertThat(page.process().waitFor()).isZero();
            assertThat(lines).hasSize(3);
            String child = lines.getLast().replace("child ", "");
            assertThat(lines.subList(0, 2))
                    .containsExactly(
                            "code -1 event 0x20 pid %s uid 0".formatted(child),
                            "code -1 event 0x40 pid %s uid 0".formatted(child));
        } finally {
            assertThat(TASKWATCH.call("kmonitor", "uninstall").status()).isZero();
        }
        assertThat(Files.exists(DEVICE, LinkOption.NOFOLLOW_LINKS)).isFalse();
    }

    @Test
    public void shouldTellForksThreadsAndADeathByASignal() throws Exception {
        Program monitor = monitor();
        Program target = target("life");
        assertThat(monitor.register(target.pid(), 0x7f)).isZero();
        target.go();
        String[] made = target.answer().split(" ");
        target.process().destroyForcibly().waitFor();

        assertThat(monitor.signal()).isEqualTo("0x8 " + made[0]);
        assertThat(monitor.signal()).isEqualTo("0x1 " + made[1]);
        assertThat(monitor.signal()).isEqualTo("0x4 " + made[1]);
        assertThat(monitor.signal()).isEqualTo("0x10 " + target.pid());
        assertThat(monitor.signal()).isEqualTo("0x40 " + target.pid());
        assertThat(monitor.ask("p")).isEqualTo("none");
        assertThat(Files.readString(FILE)).doesNotContain("target " + target.pid() + " ");
    }

    @Test
    public void shouldTellTheEndOfAThreadThatIsTheTarget() throws Exception {
        Program monitor = monitor();
        String thread = monitor.ask("t");
        assertThat(monitor.register(Integer.parseInt(thread), 0x04)).isZero();
        monitor.ask("e");
        assertThat(monitor.signal()).isEqualTo("0x4 " + thread);
        assertThat(monitor.register(Integer.parseInt(thread), 0x04)).isEqualTo(3);
    }

    @Test
    public void shouldTellTheExitOfEachThatCouldBeRegisteredWhileItExits() throws Exception {
        Program race = program(List.of(), "race", FILE.toString(), "1000");
        String[] counts = race.answer().split(" ");
        assertThat(counts[1]).as("missed").isEqualTo("0");
        assertThat(Integer.parseInt(counts[0])).as("told").isPositive();
        assertThat(race.process().waitFor()).isZero();
        assertThat(Files.readString(FILE)).doesNotContain("target ");
    }

    @Test
    public void shouldTellNothingThatWasDeregistered() throws Exception {
        Program monitor = monitor();
        Program target = target("tree", "0");
        assertThat(monitor.register(target.pid(), EXIT)).isZero();
        assertThat(monitor.register(monitor.pid(), EXEC)).isZero();
        assertThat(monitor.ask("d %d %d 0".formatted(target.pid(), EXIT))).isEqualTo("0");
        assertThat(monitor.ask("d %d %d 0".formatted(target.pid(), EXIT))).isEqualTo("22");
        target.process().destroyForcibly().waitFor();

        Program last = target("tree", "0");
        assertThat(monitor.register(last.pid(), EXIT)).isZero();
        last.process().destroyForcibly().waitFor();
        assertThat(monitor.signal()).isEqualTo("0x40 " + last.pid());
    }

    @Test
    public void shouldTellTwoMonitorsOfOneTargetEachByItsSignal() throws Exception {
        Program one = monitor();
        Program two = monitor();
        Program target = target("tree", "1");
        assertThat(one.register(target.pid(), EXIT)).isZero();
        assertThat(two.register(target.pid(), FORK, 41)).isZero();
        assertThat(two.register(target.pid(), EXIT, 42)).isZero();
        target.go();
        target.process().waitFor();

        assertThat(one.signal()).isEqualTo("0x40 " + target.pid());
        assertThat(two.signal(42, 0)).startsWith("0x8 ");
        assertThat(two.signal(42, 0)).startsWith("0x8 ");
        assertThat(two.signal(42, 0)).isEqualTo("0x40 " + target.pid());
    }

    @Test
    public void shouldTellEachForkAndExitOfATreeOnceAndInOrder() throws Exception {
        Program monitor = monitor();
        for (int round = 0; round < 5; round++) {
            Program tree = target("tree", "6");
            assertThat(monitor.register(tree.pid(), FORK | EXIT | INHERIT)).isZero();
            tree.go();
            assertLives(monitor, tree.pid(), 126);
            assertThat(tree.process().waitFor()).isEqualTo(3);
        }
        assertThat(monitor.ask("p")).isEqualTo("none");
        assertThat(Files.readString(FILE)).contains("monitor " + monitor.pid() + " ");
        assertThat(Files.readString(FILE)).doesNotContain("mask 0x20000048");
    }

    private static void assertLives(Program monitor, long root, int forks) throws IOException {
        Set<String> alive = new HashSet<>(Set.of(root + ""));
        int births = 0;
        while (!alive.isEmpty()) {
            String[] signal = monitor.signal().split(" ");
            if (signal[0].equals("0x8")) {
                births++;
                assertThat(alive.add(signal[1])).as("born once").isTrue();
            } else {
                assertThat(alive.remove(signal[1])).as("died once, after its birth").isTrue();
            }
        }
        assertThat(births).isEqualTo(forks);
    }

    @Test
    public void shouldTellEachOfAHundredMonitorsOfAHundredTargets() throws Exception {
        Program many = program(List.of(), "many", FILE.toString(), "100", "100");
        assertThat(many.answer()).isEqualTo("10000");
        assertThat(Files.readString(FILE).lines().filter(line -> line.startsWith("target ")))
                .hasSize(10_000);
        many.go();
        assertThat(many.answer()).isEqualTo("10000");
        assertThat(many.process().waitFor()).isZero();
        awaitThat(() -> !Files.readString(FILE).contains("target "));
        assertNothingIsWatched();
    }

    private static void assertNothingIsWatched() {
        awaitThat(() -> !TASKWATCH.call("shell", "task:watchers").out().contains("kmonitor"));
    }

    @Test
    public void shouldTellAMonitorWhoseQueueIsFullHowManyItHasLost() throws Exception {
        Program monitor = monitor(as(USER));
        Program target = program(List.of(as(USER)), "tree", "4");
        target.answer();
        monitor.ask("l 10");
        assertThat(monitor.register(target.pid(), FORK | EXIT | INHERIT | LOST)).isZero();
        target.go();
        awaitThat(() -> Files.readString(FILE).contains("sent 10 lost 51\n"));
        assertThat(TASKWATCH.call("shell", "kmonitor:list").out())
                .containsPattern(monitor.pid() + " +" + USER + " +10 +51 ");

        for (int i = 0; i < 10; i++) {
            assertThat(monitor.signal(SIGNAL, Integer.parseInt(USER))).startsWith("0x");
        }
        assertThat(monitor.signal()).isEqualTo("%#x 0".formatted(LOST | 51));
        assertThat(monitor.ask("p")).isEqualTo("none");
    }

    @Test
    public void shouldLetAUserRegisterItsOwnProcessesOnly() throws Exception {
        Program monitor = monitor(as(USER));
        Program own = program(List.of(as(USER)), "tree", "0");
        own.answer();
        Program other = program(List.of(as(OTHER_USER)), "tree", "0");
        other.answer();
        assertThat(monitor.register(1, EXIT)).isEqualTo(1);
        assertThat(monitor.register(target("tree", "0").pid(), EXIT)).isEqualTo(1);
        assertThat(monitor.register(other.pid(), EXIT)).isEqualTo(1);
        assertThat(monitor.register(own.pid(), EXIT)).isZero();
        assertThat(monitor().register(other.pid(), EXIT)).isZero(); // root
        own.process().destroyForcibly().waitFor();
        assertThat(monitor.signal(SIGNAL, Integer.parseInt(USER))).isEqualTo("0x40 " + own.pid());
    }

    @Test
    public void shouldSendNothingToAMonitorThatRunsAsAnotherUserByNow() throws Exception {
        Program monitor = setuidMonitor();
        assertThat(monitor.ask("u %1$s %1$s 0".formatted(USER))).isEqualTo("0");
        List<Program> targets = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            Program target = program(List.of(as(USER)), "tree", "0");
            target.answer();
            assertThat(monitor.register(target.pid(), EXIT)).isZero();
            targets.add(target);
        }
        assertThat(monitor.ask("u -1 0 -1")).isEqualTo("0"); // its user may signal it still
        targets.get(0).process().destroyForcibly().waitFor();
        assertThat(monitor.signal(SIGNAL, Integer.parseInt(USER)))
                .isEqualTo("0x40 " + targets.get(0).pid());

        assertThat(monitor.ask("u 0 0 0")).isEqualTo("0");
        targets.get(1).process().destroyForcibly().waitFor();
        awaitThat(() -> !isListed(monitor.pid()));
        assertThat(monitor.ask("p")).isEqualTo("none");
    }

    /// A monitor that can become root.
    private Program setuidMonitor() throws IOException {
        Path program = FOLDER.path().resolve("setuid");
        Files.copy(FOLDER.path().resolve("monitor"), program, StandardCopyOption.REPLACE_EXISTING);
        Files.setAttribute(program, "unix:mode", 04755);
        List<String> command = new ArrayList<>(List.of(as(USER)));
        command.addAll(List.of(program.toString(), FILE.toString()));
        Program monitor = start(command.toArray(String[]::new));
        assertThat(monitor.answer()).isEqualTo("0");
        return monitor;
    }

    @Test
    public void shouldRefuseAMonitorThatCountsProcessesOtherwise() throws Exception {
        Program cat = start("unshare", "--pid", "--fork", "sh", "-c", "cat 2>&1 " + FILE);
        assertThat(cat.answer()).endsWith("Operation not permitted");
    }

    @Test
    public void shouldAnswerAsADriverWould() throws Exception {
        Program monitor = monitor();
        int own = (int) monitor.pid();
        assertThat(monitor.register(0, EXIT)).isEqualTo(22);
        assertThat(monitor.register(own, 0x80)).isEqualTo(22);
        assertThat(monitor.register(own, EXIT, 33)).isEqualTo(22);
        assertThat(monitor.register(1 << 30, EXIT)).isEqualTo(3);
        assertThat(monitor.ask("i 0x400cde03")).isEqualTo("25");
        Process zombie = new ProcessBuilder("true").start();
        zombie.waitFor();
        awaitThat(() -> monitor.register(zombie.pid(), EXIT) == 3);
    }

    @Test
    public void shouldForgetAMonitorThatClosesTheFileOrIsKilled() throws Exception {
        Program target = target("tree", "0");
        Program closing = monitor();
        assertThat(closing.register(target.pid(), EXIT)).isZero();
        assertThat(isListed(closing.pid())).isTrue();
        assertThat(closing.ask("o")).isEqualTo("0");
        awaitThat(() -> !isListed(closing.pid()));
        assertThat(isPinned(closing.pid())).isTrue(); // by the file that it has opened again
        assertThat(closing.ask("s")).isEqualTo("0");
        awaitThat(() -> !isPinned(closing.pid()));

        Program killed = monitor();
        assertThat(killed.register(target.pid(), EXIT)).isZero();
        killed.process().destroyForcibly();
        awaitThat(() -> !isListed(killed.pid()));

        Program survived = monitor(); // by a child that has the file
        assertThat(survived.register(target.pid(), EXIT)).isZero();
        long child = Long.parseLong(survived.ask("c"));
        survived.process().destroyForcibly();
        awaitThat(() -> !isListed(survived.pid()));
        ProcessHandle.of(child).orElseThrow().destroyForcibly();
        assertNothingIsWatched();
        awaitThat(() -> !isPinned(killed.pid()) && !isPinned(survived.pid()));
    }

    /// {@return whether the instance has a descriptor of a process}
    private static boolean isPinned(long pid) throws IOException {
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

    @Test
    public void shouldGiveClientsAClearErrorWhenItIsUninstalledAndServeThemWhenItIsBack()
            throws Exception {
        Program monitor = monitor();
        Program target = target("tree", "0");
        assertThat(monitor.register(target.pid(), EXIT | 0x04 | LOST)).isZero();
        monitor.tell("g");

        assertThat(TASKWATCH.call("shell", "felix:uninstall", bundle()).status()).isZero();
        assertThat(monitor.answer()).as("POLLERR | POLLHUP").isEqualTo("24");
        assertThat(monitor.signal()).isEqualTo("%#x 0".formatted(LOST));
        assertThat(monitor.register(target.pid(), EXIT)).isEqualTo(ENODEV);
        assertThat(FILE).doesNotExist();
        assertThat(isPinned(monitor.pid())).isFalse();
        assertNothingIsWatched();

        deploy();
        awaitThat(() -> Files.exists(FILE));
        assertThat(monitor.register(target.pid(), EXIT)).isEqualTo(ENODEV);
        assertThat(monitor.ask("o")).isEqualTo("0");
        assertThat(monitor.register(target.pid(), EXIT)).isZero();
        target.process().destroyForcibly().waitFor();
        assertThat(monitor.signal()).isEqualTo("0x40 " + target.pid());
    }

    private static String bundle() throws Exception {
        Matcher line =
                Pattern.compile("(\\d+)\\|.*org\\.taskwatch\\.kmonitor ")
                        .matcher(TASKWATCH.call("shell", "felix:lb", "-s").out());
        assertThat(line.find()).isTrue();
        return line.group(1);
    }

    private static void deploy() throws IOException {
        Path copy = FOLDER.path().resolve(JAR);
        try (Stream<Path> all = Files.walk(Instance.distribution().resolve("bundles"))) {
            Files.copy(all.filter(file -> file.endsWith(JAR)).findFirst().orElseThrow(), copy);
        }
        Files.move(
                copy,
                TASKWATCH.base().resolve("deploy").resolve(JAR),
                StandardCopyOption.ATOMIC_MOVE);
    }
}
