// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.itests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import org.junit.After;
import org.junit.Test;
import org.taskwatch.itests.Instance.Result;
import org.taskwatch.itests.Instance.Running;
import org.taskwatch.itests.probe.Held;
import org.taskwatch.itests.probe.Recorder;

import java.nio.file.Files;
import java.time.Duration;
import java.util.concurrent.Callable;

/// A running instance with a watcher that never returns and ignores interrupts.
public class HungWatcherIT {
    private static final String HUNG = Instance.module("hung.jar");

    /// Whatever is done beside the watcher that hangs shall take no longer.
    private static final Duration PROMPT = Duration.ofSeconds(2);

    /// Longer than all that is done meanwhile, and shorter than the watchdog of the stop waits.
    private static final int UNLOAD_MS = 14_000;

    private static final Duration WATCHDOG = Duration.ofSeconds(15);

    /// For a loaded machine, and for the processes of the commands.
    private static final Duration SLACK = Duration.ofSeconds(4);

    private final TempFolder folder = TempFolder.create();

    @After
    public void cleanUp() {
        folder.close();
    }

    private interface Scenario {
        void play(Instance taskwatch, Running run) throws Exception;
    }

    /// Runs an instance, deploys the watcher, and waits until it hangs.
    private void whileItHangs(int unloadDeadlineMs, Scenario scenario) throws Exception {
        String limit = "TASKWATCH_OPTS=-Dtaskwatch.unload.deadline.ms=" + unloadDeadlineMs;
        try (Instance taskwatch =
                new Instance(Instance.distribution(), folder.path(), "env", limit)) {
            try {
                Running run = taskwatch.run();
                taskwatch.deploy("hung.jar", "hung", Held.class);
                awaitSeen(Instance.DEADLINE, "hung entered");
                scenario.play(taskwatch, run);
            } finally {
                Files.writeString(folder.path().resolve(Held.GO), "");
            }
        }
    }

    /// Runs marked processes until a line stands in the notebook that did not before.
    private void awaitSeen(Duration atMost, String line) {
        int before = folder.seen().size();
        awaitThat(
                atMost,
                () -> {
                    folder.runMarked();
                    return folder.seen().stream().skip(before).anyMatch(l -> l.startsWith(line));
                });
    }

    private static void awaitThat(Duration atMost, Callable<Boolean> condition) {
        await().atMost(atMost).pollInterval(Duration.ofMillis(20)).until(condition);
    }

    private static String state(Instance taskwatch) throws Exception {
        return taskwatch
                .call("shell", "task:modules")
                .out()
                .lines()
                .filter(line -> line.contains(HUNG + " "))
                .findFirst()
                .orElse("");
    }

    @Test
    public void shouldDelayNobodyElseWhileItIsUndeployed() throws Exception {
        whileItHangs(
                UNLOAD_MS,
                (taskwatch, run) -> {
                    taskwatch.deploy("old.jar", "old", Recorder.class);
                    taskwatch.deploy("lib.jar", "lib1", Recorder.class, provide("made.for.test"));
                    taskwatch.deploy("user.jar", "user", Recorder.class, require("made.for.test"));
                    awaitSeen(Instance.DEADLINE, "old EXEC");
                    awaitSeen(Instance.DEADLINE, "lib1 EXEC");
                    awaitSeen(Instance.DEADLINE, "user EXEC");

                    taskwatch.undeploy("hung.jar");
                    awaitThat(PROMPT, () -> state(taskwatch).contains("DRAINING"));

                    taskwatch.deploy("new.jar", "new", Recorder.class);
                    awaitSeen(PROMPT, "new EXEC");
                    taskwatch.deploy("lib.jar", "lib2", Recorder.class, provide("made.for.test"));
                    awaitThat(PROMPT, () -> folder.seen().contains("user deactivated"));
                    awaitSeen(PROMPT, "lib2 EXEC");
                    awaitSeen(PROMPT, "user EXEC");
                    taskwatch.undeploy("old.jar");
                    awaitThat(PROMPT, () -> folder.seen().contains("old deactivated"));
                    assertPrompt(taskwatch, "task:watchers");
                    assertPrompt(taskwatch, "task:status");
                    assertPrompt(taskwatch, "task:why " + HUNG);
                    assertPrompt(taskwatch, "felix:lb");
                    assertPrompt(taskwatch, "task:unload " + Instance.module("new.jar"));
                    assertThat(state(taskwatch)).contains("DRAINING");

                    awaitThat(Instance.DEADLINE, () -> state(taskwatch).contains("STUCK"));
                    assertThat(run.err())
                            .contains("did not end within the deadline", "taskwatch-lane-" + HUNG);
                    assertStops(taskwatch, run, SLACK, 128 + 15);
                });
    }

    private static String[] provide(String capability) {
        return new String[] {"Provide-Capability", capability};
    }

    private static String[] require(String capability) {
        return new String[] {"Require-Capability", capability};
    }

    private static void assertPrompt(Instance taskwatch, String command) throws Exception {
        long start = System.nanoTime();
        Result result = taskwatch.call("shell", command);
        assertThat(Duration.ofNanos(System.nanoTime() - start)).as(command).isLessThan(PROMPT);
        assertThat(result.status()).as(command + ": " + result.err()).isZero();
    }

    private static Result assertStops(Instance taskwatch, Running run, Duration atMost, int status)
            throws Exception {
        long start = System.nanoTime();
        Result stop = taskwatch.call("stop");
        Result result = run.result();
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(atMost);
        assertThat(result.status()).isEqualTo(status);
        return stop;
    }

    @Test
    public void shouldStopWithTheInstanceAtTheUnloadDeadlineAndBeTold() throws Exception {
        whileItHangs(
                2_000,
                (taskwatch, run) -> {
                    assertThat(taskwatch.call("shell", "task:why", HUNG).out())
                            .contains("taskwatch-lane-" + HUNG)
                            .contains("Held.notify");
                    assertStops(taskwatch, run, Duration.ofSeconds(2).plus(SLACK), 128 + 15);
                    assertThat(run.err())
                            .contains("did not end within the deadline")
                            .contains(Held.class.getName() + " on thread \"taskwatch-lane-" + HUNG);
                    assertThat(taskwatch.base().resolve("log/taskwatch.log"))
                            .content()
                            .contains("Held.notify");
                });
    }

    @Test
    public void shouldEndTheProcessWhenItsUnloadMayWaitForEver() throws Exception {
        whileItHangs(
                0,
                (taskwatch, run) -> {
                    Result stop = assertStops(taskwatch, run, WATCHDOG.plus(SLACK), 1);
                    assertThat(stop.err()).contains("hangs in " + HUNG + " ");
                    assertThat(run.err()).contains("ending the process; hanging: " + HUNG);
                });
    }
}
