// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.itests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.Assume.assumeTrue;

import org.junit.After;
import org.junit.Test;
import org.taskwatch.itests.Instance.Running;
import org.taskwatch.itests.probe.Chatty;
import org.taskwatch.itests.probe.Configured;
import org.taskwatch.testing.Needs;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;

/// The log of a running instance: what others can do to it, and what a full disk does.
public class LogIT {
    private final TempFolder folder = TempFolder.create();
    private final Instance taskwatch = new Instance(Instance.distribution(), folder.path());
    private final Path log = taskwatch.base().resolve("log");

    @After
    public void cleanUp() {
        taskwatch.close();
        folder.close(); // unmounts what is below it
    }

    private static void awaitThat(Callable<Boolean> condition) {
        await().atMost(Instance.DEADLINE).pollInterval(Duration.ofMillis(50)).until(condition);
    }

    private String log(String name) throws IOException {
        return Files.readString(log.resolve(name));
    }

    @Test
    public void shouldKeepWhatUsersMakeWatchersLogApartAndOnOneLine() throws Exception {
        Running run = taskwatch.run();
        assertThat(run.out()).contains("ready");
        taskwatch.deploy("chatty.jar", "c", Chatty.class);
        awaitThat(() -> log("taskwatch.log").contains("chatty.jar: deployed"));
        String forged = "\u001b[2J\n2026-01-01T00:00:00.000Z ERROR Deployer: forged";

        awaitThat(() -> {
            new ProcessBuilder("/bin/sh", "-c", "sleep 0.1", forged, folder.marker())
                    .start()
                    .waitFor();
            return log("watchers.log").contains("ERROR Deployer: forged");
        });

        assertThat(log("watchers.log"))
                .contains(" INFO Chatty: executed ")
                .doesNotContain("\u001b")
                .doesNotContain("\n2026-01-01T00");
        assertThat(log("taskwatch.log")).doesNotContain("forged");
        assertThat(run.err()).doesNotContain("forged");
    }

    @Test
    public void shouldGoOnWhileTheDiskIsFullAndThenSayWhatTheLogHasLost() throws Exception {
        Needs.root("to mount a small disk");
        Files.createDirectories(log);
        Process mount =
                new ProcessBuilder(
                                "mount", "-t", "tmpfs", "-o", "size=256k", "none", log.toString())
                        .inheritIO()
                        .start();
        assumeTrue("needs to be able to mount", mount.waitFor() == 0);
        Running run = taskwatch.run();
        fill(log.resolve("filler"));

        for (int i = 0; i < 100; i++) { // more than the last page of the log has room for
            bad("one" + i + ".jar");
        }
        run.awaitErr("cannot write " + log.resolve("taskwatch.log"));
        run.awaitErr("No space left on device");
        taskwatch.deploy("good.jar", "good", Configured.class);
        awaitThat(() -> folder.seen().contains("good colour null"));
        assertThat(taskwatch.call("status").status()).isZero();

        Files.delete(log.resolve("filler"));
        bad("two.jar");
        awaitThat(() -> log("taskwatch.log").contains("two.jar"));
        assertThat(log("taskwatch.log"))
                .containsPattern(
                        "(?m)^\\S+ WARNING LogFile: \\d+ records were lost since \\S+, as this file"
                                + " could not be written: .*No space left on device$");
    }

    private void bad(String name) throws IOException {
        Files.createDirectory(taskwatch.base().resolve("deploy").resolve(name));
    }

    private static void fill(Path file) throws IOException {
        try (OutputStream out = Files.newOutputStream(file)) {
            byte[] page = new byte[4096];
            while (true) {
                out.write(page);
            }
        } catch (IOException e) {
            assertThat(e).hasMessageContaining("No space left on device");
        }
    }
}
