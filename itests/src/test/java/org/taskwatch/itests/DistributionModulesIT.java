// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.itests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.Assume.assumeTrue;

import org.junit.Test;
import org.taskwatch.itests.Instance.Running;
import org.taskwatch.itests.probe.Broken;
import org.taskwatch.itests.probe.Configured;
import org.taskwatch.itests.probe.Recorder;

import java.nio.file.Files;
import java.nio.file.Path;

/// The modules that a user deploys, takes out and configures.
public class DistributionModulesIT extends DistributionFixture {
    private static final String PROBE = "org.taskwatch.itests.probe";

    /// Runs marked processes until the probe has seen one: when it begins to watch, and which process
    /// lives long enough to be read, nothing else tells.
    private void awaitCalled(String revision) {
        int before = folder.seen().size();
        awaitThat(() -> {
            folder.runMarked();
            return folder.seen().stream().skip(before).anyMatch(line -> line.startsWith(revision));
        });
    }

    private long linesOf(String revision) {
        return folder.seen().stream().filter(line -> line.startsWith(revision)).count();
    }

    @Test
    public void shouldDeployUpdateAndRemoveAJar() throws Exception {
        taskwatch.run();

        taskwatch.deploy("probe.jar", "one", Recorder.class);
        awaitCalled("one");
        assertThat(taskwatch.call("shell", "task:modules").out()).contains(PROBE);

        taskwatch.deploy("probe.jar", "two", Recorder.class);
        awaitCalled("two");

        Files.delete(taskwatch.base().resolve("deploy/probe.jar"));
        awaitThat(() -> !taskwatch.call("shell", "task:modules").out().contains(PROBE));
        assertThat(folder.seen()).endsWith("two deactivated");
    }

    @Test
    public void shouldCallTheWatcherThatTheReadmeShows() throws Exception {
        assumeTrue("needs root, whose commands it prints", own("uid").equals(0));
        Running run = taskwatch.run();

        taskwatch.deploy(
                Shipped.checkout().resolve("examples/root-execs/target/root-execs-1.0.0.jar"));

        awaitThat(() -> {
            folder.runMarked();
            return run.out().contains("[/bin/sh, -c, :, " + folder.marker() + "]");
        });
    }

    @Test
    public void shouldTellWhatCannotBeDeployedAndGoOn() throws Exception {
        Running run = taskwatch.run();
        Path deploy = taskwatch.base().resolve("deploy");

        Files.writeString(deploy.resolve("text.jar"), "this is no jar");
        taskwatch.deploy("needs.jar", "n", Recorder.class, "Require-Capability", "no.such.thing");
        taskwatch.deploy("broken.jar", "b", Broken.class);

        run.awaitErr("text.jar");
        run.awaitErr("needs.jar");
        run.awaitErr("no.such.thing");
        run.awaitErr("broken on purpose");
        taskwatch.deploy("good.jar", "good", Recorder.class);
        awaitCalled("good");
    }

    @Test
    public void shouldTakeAModuleOutAndInByCommand() throws Exception {
        taskwatch.run();
        taskwatch.deploy("probe.jar", "one", Recorder.class);
        awaitCalled("one");
        taskwatch.deploy("other.jar", "other", Recorder.class);
        awaitCalled("other");
        String module = Instance.module("probe.jar");

        assertThat(taskwatch.call("shell", "task:unregister", module).status()).isZero();
        assertThat(taskwatch.call("shell", "task:modules").out()).contains("GONE");
        long told = linesOf("one");
        awaitCalled("other"); // an event that both would be told
        assertThat(linesOf("one")).isEqualTo(told);

        assertThat(taskwatch.call("shell", "task:register", module).status()).isZero();
        awaitCalled("one");
        assertThat(taskwatch.call("shell", "task:unregister", "nosuch").status()).isEqualTo(1);
    }

    @Test
    public void shouldApplyAConfigurationWhileRunning() throws Exception {
        taskwatch.run();
        taskwatch.deploy("configured.jar", "c", Configured.class);
        awaitThat(() -> folder.seen().contains("c colour null"));
        Path file = taskwatch.base().resolve("etc/" + Configured.PID + ".cfg");

        Files.writeString(file, "colour = green\n");
        awaitThat(() -> folder.seen().contains("c colour green"));

        Files.writeString(file, "colour = blue\n");
        awaitThat(() -> folder.seen().contains("c colour blue"));
    }
}
