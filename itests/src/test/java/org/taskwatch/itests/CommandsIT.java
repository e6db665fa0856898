// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.itests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.Assume.assumeTrue;

import org.junit.Test;
import org.taskwatch.itests.Instance.Result;
import org.taskwatch.itests.Instance.Running;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// `taskwatch wait`, `follow` and `monitor` as a user has them, on the live kernel.
public class CommandsIT extends CommandsFixture {
    /// No pid is as high, `PID_MAX_LIMIT` of `linux/threads.h`. One that was used a moment ago may still be in
    /// the table.
    private static final String NO_PID = "4194304";

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
        Process other = script("read x; exit 4");
        Running wait = taskwatch.start("wait", NO_PID, "" + other.pid());

        wait.awaitErr("no process has the id " + NO_PID);
        awaitStreams(1);
        assertThat(wait.process().isAlive()).isTrue();
        end(other);

        assertThat(wait.result().status()).isEqualTo(4);
        assertThat(taskwatch.call("wait", NO_PID))
                .isEqualTo(new Result(127, "", "wait: no process has the id " + NO_PID + "\n"));
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
        assertThat(lines.get(0)).startsWith("CLONE     " + grandchild + " sh"); // and flags
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

    @Test
    public void shouldColourAndCutAtATerminalAndNotInAPipe() throws Exception {
        assumeTrue("needs script(1)", Files.isExecutable(Path.of("/usr/bin/script")));
        String modules =
                "%s --base %s shell task:modules"
                        .formatted(
                                Instance.distribution().resolve("bin/taskwatch"), taskwatch.base());

        assertThat(onTerminal("NO_COLOR= " + modules.replace("modules", "sources")))
                .contains("\u001b[1mSOURCE\u001b[0m", " \u001b[32mACTIVE\u001b[0m", "…\r\n");
        assertThat(onTerminal("NO_COLOR=1 " + modules + " </dev/null").split("\r\n"))
                .hasSizeGreaterThan(2)
                .allMatch(line -> line.length() <= 40 && line.endsWith("…"))
                .noneMatch(line -> line.contains("\u001b"));
        assertThat(onTerminal("TERM=dumb " + modules)).contains("…\r\n").doesNotContain("\u001b");
        assertThat(onTerminal(modules + " | cat"))
                .containsPattern("MODULE +VERSION .* LOST\r\n")
                .doesNotContain("\u001b", "…");
        assertThat(onTerminal("NO_COLOR= " + modules.replace("shell task:modules", "monitor true")))
                .contains(" \u001b[1mEXEC\u001b[0m ")
                .doesNotContain("stty");
    }

    /// {@return what a line of the shell prints on a terminal of 40 columns}
    private String onTerminal(String line) throws Exception {
        Process terminal =
                script("TERM=xterm script -qec 'stty cols 40; %s' /dev/null".formatted(line));
        return new String(terminal.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }

    @Test
    public void shouldSeeTheInstanceItsFilesAndTheSourcesFromOutside() throws Exception {
        Result result = taskwatch.call("doctor");

        assertThat(result.status()).as(result.toString()).isZero();
        assertThat(result.err()).isEmpty();
        assertThat(result.out())
                .contains("ok    instance    one runs on the base, and takes commands\n")
                .contains("ok    mount       ")
                .contains("An instance can watch here, by the source ")
                .doesNotContain("\u001b");
    }
}
