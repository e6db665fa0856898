// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.itests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.Assume.assumeTrue;

import org.junit.After;
import org.junit.AfterClass;
import org.junit.BeforeClass;
import org.junit.Test;
import org.taskwatch.itests.Instance.Result;
import org.taskwatch.itests.Instance.Running;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;

/// `taskwatch wait`, `follow` and `monitor` as a user has them, on the live kernel.
public class CommandsIT {
    private static TempFolder folder;
    private static Instance taskwatch;
    private final List<Process> started = new ArrayList<>();

    @BeforeClass
    public static void run() throws IOException {
        folder = TempFolder.create();
        taskwatch = new Instance(Instance.distribution(), folder.path());
        Running run = taskwatch.run();
        assumeTrue("needs the proc connector", run.out().contains("source connector"));
    }

    @AfterClass
    public static void cleanUp() {
        taskwatch.close();
        folder.close();
    }

    @After
    public void endProcesses() throws Exception {
        for (Process process : started) {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly().waitFor();
        }
    }

    private static void awaitThat(Callable<Boolean> condition) {
        await().atMost(Instance.DEADLINE).pollInterval(Duration.ofMillis(20)).until(condition);
    }

    /// Starts a script that goes on when its standard input ends, as by `read x`.
    private Process script(String text) throws IOException {
        Process process =
                new ProcessBuilder("/bin/sh", "-c", text)
                        .redirectError(ProcessBuilder.Redirect.INHERIT)
                        .start();
        started.add(process);
        return process;
    }

    private static void end(Process script) throws IOException {
        script.getOutputStream().close();
    }

    private static String readLine(Process script) throws IOException {
        BufferedReader reader = script.inputReader();
        return reader.readLine();
    }

    private static void awaitStreams(long count) {
        awaitThat(() -> streams() == count);
    }

    /// {@return how many streams of events are open: the shell has a watcher for each}
    private static long streams() throws Exception {
        return taskwatch
                .call("shell", "task:watchers")
                .out()
                .lines()
                .filter(line -> line.contains(" org.taskwatch.shell "))
                .count();
    }

    @Test
    public void shouldTellHowEachProcessHasEndedAndExitWithTheStatusOfTheLast() throws Exception {
        Process three = script("read x; exit 3");
        Process killed = script("read x");
        Running wait = taskwatch.start("wait", "" + three.pid(), "" + killed.pid());
        awaitStreams(1);

        end(three);
        awaitThat(() -> wait.out().equals(three.pid() + " exit code 3\n"));
        killed.destroyForcibly();

        Result result = wait.result();
        assertThat(result.out())
                .isEqualTo(three.pid() + " exit code 3\n" + killed.pid() + " signal 9\n");
        assertThat(result.status()).isEqualTo(128 + 9);
        assertThat(result.err()).isEmpty();
    }

    @Test
    public void shouldTellAtOnceThatAProcessIsNotThereAndWaitForTheOthers() throws Exception {
        Process gone = script("exit 0");
        gone.waitFor();
        Process other = script("read x; exit 4");
        Running wait = taskwatch.start("wait", "" + gone.pid(), "" + other.pid());

        wait.awaitErr("no process has the id " + gone.pid());
        awaitStreams(1);
        assertThat(wait.process().isAlive()).isTrue();
        end(other);

        assertThat(wait.result().status()).isEqualTo(4);
        assertThat(taskwatch.call("wait", "" + gone.pid()))
                .isEqualTo(new Result(127, "", "wait: no process has the id " + gone.pid() + "\n"));
    }

    @Test
    public void shouldTakeAZombieForEnded() throws Exception {
        // The one that executes sleep does not know that it has a child.
        Process parent = script("exec 3<&0; (read x <&3; exit 6) & echo $!; exec sleep 60");
        String zombie = readLine(parent);
        awaitThat(() ->
                Files.readString(Path.of("/proc/" + parent.pid() + "/comm")).equals("sleep\n"));
        end(parent);
        awaitThat(() -> Files.readString(Path.of("/proc", zombie, "stat")).contains(") Z "));

        Result result = taskwatch.call("wait", zombie);

        assertThat(result.out()).isEqualTo(zombie + " exit code 6\n");
        assertThat(result.status()).isEqualTo(6);
    }

    /// The lines of a tree without the time: `EVENT`, a space for each two of indentation, the rest.
    private static List<String> lines(String tree) {
        return tree.lines()
                .filter(line -> line.matches("\\d\\d:.*"))
                .map(line -> line.substring(line.indexOf(' ') + 1))
                .toList();
    }

    @Test
    public void shouldFollowATreeFromWhatIsThereUntilAllHaveEnded() throws Exception {
        // What ends at once may have no name: it can't be read any more.
        Process root =
                script(
                        "exec 3<&0; (read x <&3; sh -c 'read y; exit 5' <&3; exit 2) &"
                                + " echo $!; wait $!");
        String child = readLine(root);
        Running follow = taskwatch.start("follow", "" + root.pid());
        awaitThat(() -> follow.out().contains("PROCESS\n"));
        assertThat(follow.out()).startsWith(root.pid() + " sh\n└─ " + child + " sh\n");

        root.outputWriter().append("go\n").flush();
        awaitThat(() -> follow.out().contains("EXEC"));
        end(root);
        Result result = follow.result();

        assertThat(result.status()).isZero();
        List<String> lines = lines(result.out());
        assertThat(lines).hasSize(5);
        String grandchild = lines.getFirst().strip().split(" +")[1];
        assertThat(lines.get(0)).isEqualTo("CLONE     " + grandchild + " sh");
        assertThat(lines.get(1)).startsWith("EXEC      " + grandchild + " sh");
        assertThat(lines.get(2)).startsWith("EXIT      " + grandchild + " sh: exit code 5 after ");
        assertThat(lines.get(3)).startsWith("EXIT    " + child + " sh: exit code 2 after ");
        assertThat(lines.get(4)).startsWith("EXIT  " + root.pid() + " sh: exit code ");
    }

    @Test
    public void shouldFollowWhatTheKernelHasGivenToAnotherParent() throws Exception {
        Process root =
                script("(sh -c 'read x; /bin/true; exit 5' <&3 & echo $!) 3<&0; read y; exit 0");
        String orphan = readLine(root);
        Running follow = taskwatch.start("follow", "" + root.pid());
        awaitThat(() -> follow.out().contains("PROCESS\n"));

        end(root);
        Result result = follow.result();

        assertThat(result.out()).contains("└─ " + orphan + " sh\n");
        assertThat(lines(result.out()))
                .anyMatch(line -> line.startsWith("CLONE       "))
                .anyMatch(line -> line.startsWith("EXIT      " + orphan + " sh: exit code 5"))
                .anyMatch(line -> line.startsWith("EXIT  " + root.pid() + " sh: exit code 0"));
    }

    @Test
    public void shouldFailToFollowWhatIsNotThere() throws Exception {
        Process gone = script("exit 0");
        gone.waitFor();

        Result result = taskwatch.call("follow", "" + gone.pid());

        assertThat(result.status()).isEqualTo(1);
        assertThat(result.err()).isEqualTo("follow: no process has the id " + gone.pid() + "\n");
    }

    private static long count(List<String> lines, String event) {
        return lines.stream().filter(line -> line.startsWith(event)).count();
    }

    @Test
    public void shouldShowAllThatACommandDoesFromItsFirstForkOn() throws Exception {
        Path gate = folder.path().resolve("gate"); // so that the shell lives until it is known
        assertThat(script("mkfifo " + gate).waitFor()).isZero();
        Running monitor =
                taskwatch.start(
                        "monitor",
                        "--",
                        "/bin/sh",
                        "-c",
                        "read x <$0; for i in 1 2 3 4 5; do /bin/true; done; (/bin/false; exit 1);"
                                + " kill -9 $$",
                        gate.toString());
        awaitThat(() -> monitor.err().contains("EXEC"));
        Files.writeString(gate, "go\n");
        Result result = monitor.result();

        assertThat(result.status()).isEqualTo(128 + 9);
        List<String> lines = lines(result.err());
        // The shell, five times true, and a shell that runs false.
        assertThat(count(lines, "CLONE")).isEqualTo(8);
        assertThat(count(lines, "CLONE   ")).isEqualTo(7);
        assertThat(lines.get(1)).startsWith("EXEC  ").contains("/bin/sh -c read x <");
        assertThat(count(lines, "EXEC")).isEqualTo(7);
        assertThat(count(lines, "EXIT")).isEqualTo(8);
        assertThat(result.err())
                .containsPattern("\nprocesses +8, at most [34] at once\n")
                .containsPattern("\nexecs +7: ")
                .containsPattern("\nfailed +2 by exit code, 1 by signal\n")
                .doesNotContain("LOST", "running");
        assertThat(result.out()).isEmpty();
    }

    @Test
    public void shouldShowWhatTheCommandHasLeftToInitUntilTheCommandEnds() throws Exception {
        Path fifo = folder.path().resolve("fifo");
        Result result =
                taskwatch.call(
                        "monitor",
                        "sh",
                        "-c",
                        "mkfifo $0; (sh -c '/bin/true; exit 3' >$0 &); cat $0",
                        fifo.toString());

        assertThat(result.status()).isZero();
        assertThat(lines(result.err()))
                .anyMatch(line -> line.startsWith("CLONE      "))
                .anyMatch(line -> line.startsWith("EXEC       "))
                .anyMatch(line -> line.matches("EXIT      \\d+ \\S+: exit code 3 after .*"));
    }

    @Test
    public void shouldGiveTheCommandItsStreamsAndExitWithItsStatus() throws Exception {
        Path file = folder.path().resolve("monitored");

        Result result =
                taskwatch.call(
                        "monitor",
                        "--output",
                        file.toString(),
                        "--event",
                        "exec",
                        "sh",
                        "-c",
                        "cat; echo out; echo err >&2; exit 42");

        assertThat(result).isEqualTo(new Result(42, "out\n", "err\n"));
        assertThat(lines(Files.readString(file)))
                .hasSize(2)
                .allMatch(line -> line.startsWith("EXEC"));
        assertThat(file).content().containsPattern("\nexecs +2: ");
    }

    @Test
    public void shouldMissNothingOfAThousandForks() throws Exception {
        Result result =
                taskwatch.call(
                        "monitor",
                        "sh",
                        "-c",
                        "i=0; while [ $i -lt 1000 ]; do (:); i=$((i + 1)); done");

        assertThat(result.status()).isZero();
        List<String> lines = lines(result.err());
        assertThat(count(lines, "CLONE")).isEqualTo(1001);
        assertThat(count(lines, "EXIT")).isEqualTo(1001);
        assertThat(result.err()).containsPattern("\nprocesses +1001, at most [23] at once\n");
    }

    @Test
    public void shouldTellThatACommandIsNotThereAsAShellDoes() throws Exception {
        Result missing = taskwatch.call("monitor", "no-such-program");
        assertThat(missing)
                .isEqualTo(
                        new Result(
                                127,
                                "",
                                "taskwatch: cannot run no-such-program: No such file or"
                                        + " directory\n"));

        Result directory = taskwatch.call("monitor", "/tmp");
        assertThat(directory.status()).isEqualTo(126);
    }

    @Test
    public void shouldPassATerminationOnToTheCommand() throws Exception {
        Running monitor =
                taskwatch.start(
                        "monitor",
                        "sh",
                        "-c",
                        "trap 'exit 9' TERM; echo up; while :; do sleep 0.05; done");
        awaitThat(() -> monitor.out().contains("up"));

        monitor.process().destroy();

        assertThat(monitor.result().status()).isEqualTo(9);
    }

    @Test
    public void shouldLeaveNoWatcherBehindWhenAClientIsKilled() throws Exception {
        Process root = script("read x");
        for (String command : new String[] {"wait", "follow"}) {
            Running client = taskwatch.start(command, "" + root.pid());
            awaitStreams(1);
            client.process().destroyForcibly().waitFor();
            awaitStreams(0);
        }
        Running monitor = taskwatch.start("monitor", "sleep", "60");
        awaitThat(() -> monitor.process().children().count() == 1);
        ProcessHandle sleep = monitor.process().children().findFirst().orElseThrow();
        monitor.process().destroyForcibly().waitFor();
        sleep.destroyForcibly();
        awaitStreams(0);
    }

    @Test
    public void shouldExitWithThreeWhereNoInstanceRuns() throws Exception {
        Path other = folder.path().resolve("other");
        for (String[] words :
                new String[][] {{"wait", "1"}, {"follow", "1"}, {"monitor", "/bin/true"}}) {
            List<String> all = new ArrayList<>(List.of(words));
            all.add(1, "--base=" + other);
            Result result = taskwatch.call(all.toArray(String[]::new));
            assertThat(result.status()).as(words[0]).isEqualTo(3);
            assertThat(result.err()).contains("no instance runs on " + other).hasLineCount(1);
        }
    }
}
