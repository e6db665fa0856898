// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.itests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.taskwatch.itests.FileSystem.awaitThat;

import org.junit.After;
import org.junit.Before;
import org.junit.Test;
import org.taskwatch.itests.Instance.Result;
import org.taskwatch.itests.Instance.Running;
import org.taskwatch.itests.probe.Hoarder;
import org.taskwatch.itests.probe.Recorder;

import java.nio.file.Files;

/// An instance with a small heap, and a watcher that asks for too much.
public class MemoryIT {
    private static final int MEMORY_STATUS = 70;

    private final TempFolder folder = TempFolder.create();
    private final Instance taskwatch =
            new Instance(Instance.distribution(), folder.path(), "env", "TASKWATCH_OPTS=-Xmx64m");
    private Running run;

    @Before
    public void start() throws Exception {
        FileSystem.assumeIsPossible();
        run = taskwatch.run();
    }

    @After
    public void cleanUp() {
        taskwatch.close();
        folder.close();
    }

    /// Deploys one, and runs marked processes until it was called.
    private void hoard(String how) throws Exception {
        taskwatch.deploy("hoarder.jar", how, Hoarder.class);
        awaitThat(() -> {
            folder.runMarked();
            return folder.seen().contains(how + " called");
        });
    }

    /// Runs marked processes until it has ended: its threads need some work to find no memory.
    private Result awaitEnd() throws Exception {
        awaitThat(() -> {
            folder.runMarked();
            return !run.process().isAlive();
        });
        return run.result();
    }

    @Test
    public void shouldEndAtOnceWhenMemoryHasRunOutAndStartAgainWithoutHelp() throws Exception {
        hoard("keep");

        Result end = awaitEnd();
        assertThat(end.status()).isEqualTo(MEMORY_STATUS);
        assertThat(end.err()).contains("memory has run out").contains("status 70");
        assertThat(Files.readString(taskwatch.base().resolve("log/taskwatch.log")))
                .contains("memory has run out");
        assertThat(new FileSystem(taskwatch).mounted()).isNotEmpty();

        taskwatch.undeploy("hoarder.jar");
        run = taskwatch.run();

        assertThat(taskwatch.call("status").status()).isZero();
        assertThat(new FileSystem(taskwatch).mounted()).hasSize(1);
        assertThat(Files.readString(taskwatch.base().resolve("fs/rates"))).isNotEmpty();
        assertThat(taskwatch.call("stop").status()).isZero();
        assertThat(new FileSystem(taskwatch).mounted()).isEmpty();
    }

    @Test
    public void shouldEndWhenItsOwnThreadsFindNoMemory() throws Exception {
        hoard("hide");

        assertThat(awaitEnd().status()).isEqualTo(MEMORY_STATUS);
    }

    @Test
    public void shouldGoOnWhenAWatcherAsksForOneArrayThatIsTooLarge() throws Exception {
        hoard("array");
        taskwatch.deploy("good.jar", "good", Recorder.class);
        awaitThat(() -> {
            folder.runMarked();
            return folder.seen().stream().anyMatch(line -> line.startsWith("good EXEC"));
        });

        long calls = calls();
        awaitThat(() -> {
            folder.runMarked();
            return calls() > calls;
        });
        assertThat(run.process().isAlive()).isTrue();
        assertThat(taskwatch.call("shell", "task:watchers").out()).contains("OutOfMemoryError");
    }

    private long calls() {
        return folder.seen().stream().filter(line -> line.equals("array called")).count();
    }
}
