// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.itests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.taskwatch.itests.FileSystem.awaitThat;

import org.junit.After;
import org.junit.Before;
import org.junit.Test;
import org.taskwatch.itests.Instance.Result;
import org.taskwatch.itests.Instance.Running;
import org.taskwatch.itests.probe.Held;
import org.taskwatch.itests.probe.Odd;
import org.taskwatch.itests.probe.Quiet;
import org.taskwatch.itests.probe.Stubborn;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;

/// Files of bundles that come and go, hang and fail, while clients have them open.
public class ContributedFilesIT {
    private static final String PROBE = "probe.jar";
    private static final String OTHER = "other.jar";

    private final TempFolder folder = TempFolder.create();
    private final Instance taskwatch = new Instance(Instance.distribution(), folder.path());
    private final FileSystem files = new FileSystem(taskwatch);
    private final Scripts sh = new Scripts(folder.path(), taskwatch.base());

    @Before
    public void start() throws Exception {
        FileSystem.assumeIsPossible();
        taskwatch.run();
    }

    @After
    public void cleanUp() throws Exception {
        Files.writeString(go(), "");
        sh.close();
        taskwatch.close();
        folder.close();
    }

    private Path go() {
        return folder.path().resolve(Held.GO);
    }

    private Path file(String path) {
        return taskwatch.base().resolve("fs").resolve(path);
    }

    private void deploy(String jar, Class<?> component, String path) throws Exception {
        taskwatch.deploy(jar, jar, component);
        awaitThat(() -> Files.exists(file(path)));
    }

    /// Waits until the probe has written a line so often.
    private void awaitSeen(String line, int times) {
        awaitThat(
                () -> folder.seen().stream().filter((PROBE + " " + line)::equals).count() == times);
    }

    /// {@return whether the last thing that a client has done is to poll} Closing is left out: it may be
    /// told later than what another client does afterwards.
    private boolean isPolled() {
        return folder.seen().stream()
                .filter(line -> !line.endsWith(" closed"))
                .reduce((_, last) -> last)
                .equals(Optional.of(PROBE + " polled"));
    }

    @Test
    public void shouldWakeWhoPollsWhenThereIsSomethingAndWhenTheFileGoes() throws Exception {
        deploy(PROBE, Quiet.class, "probe/quiet");
        Path program = CProgram.ofPage("control-files.md", folder.path(), "poll");
        Running impatient = sh.start("exec " + program + " fs/probe/quiet 300");
        impatient.awaitErr("nothing for 300 ms");
        impatient.process().destroy();
        awaitSeen("closed", 1);
        Running reader = sh.start("exec " + program + " fs/probe/quiet 1000000");
        awaitThat(this::isPolled);
        assertThat(sh.call("echo hello > fs/probe/quiet").err()).isEmpty();
        awaitThat(() -> reader.out().equals("hello\n"));
        awaitThat(this::isPolled);

        taskwatch.undeploy(PROBE);
        assertThat(reader.result().err()).endsWith("fs/probe/quiet: No such device\n");
        assertThat(file("probe")).doesNotExist();
        awaitSeen("deactivated", 1);
        awaitSeen("closed", 3);
    }

    @Test
    public void shouldEndAReadThatWaitsWhenTheFileGoesOrTheClientIsKilled() throws Exception {
        deploy(PROBE, Quiet.class, "probe/quiet");
        Running killed = sh.start("exec cat fs/probe/quiet");
        awaitSeen("waiting", 1);
        killed.process().destroyForcibly();
        assertThat(killed.result().status()).isEqualTo(128 + 9);
        awaitSeen("closed", 1);
        Running left = sh.start("exec cat fs/probe/quiet");
        awaitSeen("waiting", 2);

        taskwatch.undeploy(PROBE);
        assertThat(left.result().err()).isEqualTo("cat: fs/probe/quiet: No such device\n");
        awaitSeen("deactivated", 1);
    }

    @Test
    public void shouldRunOnlySoManyCallsOfAUserAtATimeAndServeOthers() throws Exception {
        Files.setPosixFilePermissions(
                folder.path(), PosixFilePermissions.fromString("rwxr-xr-x")); // for nobody
        deploy(PROBE, Quiet.class, "probe/quiet");
        String nobody = "setpriv --reuid=65534 --regid=65534 --clear-groups ";
        sh.start("for i in $(seq 64); do " + nobody + "cat fs/probe/quiet & done; wait");
        awaitSeen("waiting", 64);

        String unavailable = ": Resource temporarily unavailable\n";
        assertThat(sh.call(nobody + "cat fs/probe/quiet").err()).endsWith(unavailable);
        assertThat(sh.call(nobody + "cat fs/rates").err()).endsWith(unavailable);
        assertThat(sh.call("cat fs/rates").status()).isZero();
        assertThat(sh.call(nobody.replace("65534", "65533") + "cat fs/rates").status()).isZero();

        taskwatch.undeploy(PROBE);
        awaitThat(() -> sh.call(nobody + "cat fs/rates").status() == 0);
    }

    @Test
    public void shouldLetNoBundleGoWhileAClientIsInsideAndHoldUpNobodyElse() throws Exception {
        deploy(PROBE, Stubborn.class, "probe/stubborn");
        Running inside = sh.start("exec cat fs/probe/stubborn");
        awaitSeen("entered", 1);
        assertThat(sh.call("cat fs/rates; ls -l fs fs/probe").err()).isEmpty();

        taskwatch.undeploy(PROBE);
        awaitThat(() -> !Files.exists(file("probe/stubborn")));
        assertThat(sh.call("cat fs/rates; ls -lR fs").err()).isEmpty();
        deploy(OTHER, Odd.class, "probe/shared");
        assertThat(folder.seen()).doesNotContain(PROBE + " deactivated");
        Files.writeString(go(), "");

        awaitSeen("deactivated", 1);
        assertThat(folder.seen()).containsSubsequence(PROBE + " left", PROBE + " deactivated");
        inside.result();
    }

    @Test
    public void shouldFreeAKilledClientOfAFileThatHangs() throws Exception {
        deploy(PROBE, Stubborn.class, "probe/stubborn");
        Running inside = sh.start("exec cat fs/probe/stubborn");
        awaitSeen("entered", 1);

        inside.process().destroyForcibly();
        assertThat(inside.result().status()).isEqualTo(128 + 9);
        assertThat(folder.seen()).doesNotContain(PROBE + " left");
    }

    @Test
    public void shouldServeTheFirstOfTwoFilesWithOnePathAndThenTheOther() throws Exception {
        deploy(PROBE, Odd.class, "probe/shared");
        taskwatch.deploy(OTHER, OTHER, Odd.class);
        awaitThat(() -> folder.seen().contains(OTHER + " registered"));
        assertThat(Files.readString(file("probe/shared"))).isEqualTo(PROBE + "\n");

        taskwatch.undeploy(PROBE);
        awaitThat(() -> sh.call("cat fs/probe/shared").out().equals(OTHER + "\n"));
    }

    @Test
    public void shouldNotServeWhatHasNoPathAndGiveAnErrorForWhatFails() throws Exception {
        taskwatch.deploy(PROBE, PROBE, Odd.class);
        awaitSeen("registered", 1);

        assertThat(sh.call("find fs -type f").out().lines())
                .containsExactlyInAnyOrderElementsOf(served());
        assertThat(sh.call("cat 'fs/ä ö'").out()).isEqualTo(PROBE + "\n");
        Result failed = sh.call("cat fs/probe/failing");
        assertThat(failed.err()).isEqualTo("cat: fs/probe/failing: Input/output error\n");
        assertThat(files.mounted()).hasSize(1);
    }

    private static List<String> served() throws IOException {
        return List.of(
                "fs/events",
                "fs/kmonitor",
                "fs/labels",
                "fs/loss",
                "fs/modules",
                "fs/rates",
                "fs/relayfork/lost",
                "fs/relayfork/processes",
                "fs/relayfork/signal",
                "fs/watchers",
                "fs/probe/failing",
                "fs/probe/shared",
                "fs/" + "y".repeat(255),
                "fs/ä ö");
    }
}
