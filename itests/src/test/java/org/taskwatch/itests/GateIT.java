// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.itests;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.Before;
import org.junit.Test;
import org.junit.runner.RunWith;
import org.junit.runners.Parameterized;
import org.junit.runners.Parameterized.Parameter;
import org.junit.runners.Parameterized.Parameters;
import org.taskwatch.itests.Instance.Result;
import org.taskwatch.itests.Instance.Running;
import org.taskwatch.itests.probe.Porter;
import org.taskwatch.testing.Needs;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// A watcher decides whether a fork happens: as root, with both sources, and as an ordinary user.
@RunWith(Parameterized.class)
public class GateIT extends GateFixture {
    private static final int EPERM = 1;
    private static final String NOBODY = "65534";

    /// The name of the source, or `nobody`.
    @Parameter public String who = "";

    @Parameters(name = "{0}")
    public static List<String> who() {
        return List.of("ebpf", "connector", "nobody");
    }

    @Before
    public void run() throws Exception {
        if (who.equals("nobody")) {
            becomeNobody();
        } else if (who.equals("connector")) {
            taskwatch.useConnector();
        }
        Running run = taskwatch.run();
        run.assumeSeesAll();
        assertThat(run.out()).contains("source " + (who.equals("ebpf") ? "ebpf" : "connector"));
    }

    private void becomeNobody() throws Exception {
        Needs.root("to become another user");
        Path copy =
                folder.path().resolve("copy"); // of the distribution, which nobody may not enter
        call("cp", "-r", Instance.distribution().toString(), copy.toString());
        call("chmod", "-R", "a+rX", copy.toString());
        Files.createDirectories(taskwatch.base());
        call("chown", "-R", NOBODY + ":" + NOBODY, folder.path().toString());
        taskwatch =
                new Instance(
                        copy,
                        folder.path(),
                        "setpriv",
                        "--reuid=" + NOBODY,
                        "--regid=" + NOBODY,
                        "--clear-groups");
    }

    private static void call(String... words) throws Exception {
        assertThat(new ProcessBuilder(words).inheritIO().start().waitFor()).isZero();
    }

    @Test
    public void shouldTellTheUnbornTaskItsCloneAndItsFree() throws Exception {
        deployPorter("porter");
        deployAttaching();
        Running command = gate("allow", "sh", "-c", "/bin/true; (/bin/true); exit 7");
        assertThat(command.result().status()).isEqualTo(7);

        awaitThat(() -> seen("attaching FREE 2") > 0 && seen("attaching FREE 1") > 0);
        assertThat(folder.seen().getFirst())
                .isEqualTo("attaching INIT 1 of " + command.process().pid());
        assertThat(told(1)).containsExactly("INIT", "CLONE", "FREE");
        assertThat(told(2)).containsExactly("INIT", "CLONE", "FREE");
        taskwatch.undeploy(ATTACHING);
        awaitSeen("attaching left 0"); // but for the root, which was not unborn
    }

    private List<String> told(int number) {
        return folder.seen().stream()
                .filter(line -> line.matches("attaching \\w+ " + number + " .*"))
                .map(line -> line.split(" ")[1])
                .toList();
    }

    @Test
    public void shouldRefuseWithTheErrnoOfTheWatcherAndSayWhoAndWhy() throws Exception {
        deployPorter("porter");
        deployAttaching();
        Running events = taskwatch.start("events", "--event", "INIT,FREE", "--json");
        awaitThat(() ->
                gated(Porter.REFUSE, gated.toString(), "one").out().equals("errno 1\n")
                        && events.out().contains("not today"));
        awaitThat(() -> seen("attaching FREE 1 " + EPERM + " refused by ") > 0);
        assertThat(folder.seen())
                .anyMatch(line ->
                        line.contains(Porter.class.getName()) && line.contains("not today"));
        assertThat(folder.seen()).noneMatch(line -> line.startsWith("attaching CLONE"));
        assertThat(events.out()).contains(Porter.class.getName());
    }

    @Test
    public void shouldBecomeTheCommand() throws Exception {
        Running command = gate("allow", "sh", "-c", "echo $$; kill -TERM $$");
        Result result = command.result();
        assertThat(result.out()).isEqualTo(command.process().pid() + "\n");
        assertThat(result.status()).isEqualTo(128 + 15);
        assertThat(gated("allow", "/no/such/command").status()).isEqualTo(127);
        assertThat(gated("allow", folder.path().toString()).status()).isEqualTo(126);
    }

    @Test
    public void shouldAnswerForAWatcherThatIsLateAndSuspendIt() throws Exception {
        deployPorter("porter");
        List<String> words =
                List.of(
                        "gate",
                        "--late",
                        "refuse",
                        "--label",
                        "wait",
                        "--",
                        gated.toString(),
                        "one");
        assertThat(taskwatch.call(words.toArray(String[]::new)).out()).isEqualTo("errno 11\n");
        assertThat(taskwatch.call("shell", "task:watchers").out())
                .containsPattern(Porter.class.getName() + ".*no answer to INIT within");
        // It is not asked again, while it hangs too.
        assertThat(gated(Porter.WAIT, gated.toString(), "one").out()).isEqualTo("forked\n");
        assertThat(folder.seen()).containsExactly("porter entered");
    }

    @Test
    public void shouldAllowWhatAWatcherThrowsAt() throws Exception {
        deployPorter("porter");
        assertThat(gated(Porter.THROW, gated.toString(), "one").out()).isEqualTo("forked\n");
    }

    @Test
    public void shouldShowGatesAndLetOneGo() throws Exception {
        deployPorter("porter");
        Running command = gate(Porter.REFUSE, gated.toString(), "until");
        String pid = Long.toString(command.process().pid());
        awaitThat(() ->
                gates().lines().anyMatch(line -> line.contains(pid) && line.contains("refuse")));
        assertThat(taskwatch.call("shell", "task:ungate " + pid).status()).isZero();
        assertThat(command.result().out()).isEqualTo("forked\n");
        awaitThat(() -> !gates().contains(pid));
    }
}
