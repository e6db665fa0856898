// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.itests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.taskwatch.itests.FileSystem.awaitThat;

import org.junit.After;
import org.junit.Before;
import org.junit.Test;
import org.taskwatch.itests.Instance.Running;
import org.taskwatch.itests.probe.Held;
import org.taskwatch.itests.probe.Stubborn;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Readers that do not read, files that hang, and instances that end while they have readers.
public class ControlFilesEndIT {
    private static final int CAPACITY = 100;
    private static final String STORM = "for i in $(seq 1000); do /bin/true; done; echo $$";
    private static final Pattern SEQUENCE = Pattern.compile("\"seq\":(\\d+),");

    private final TempFolder folder = TempFolder.create();
    private final Instance taskwatch =
            new Instance(
                    Instance.distribution(),
                    folder.path(),
                    "env",
                    "TASKWATCH_OPTS=-Dtaskwatch.unload.deadline.ms=500");
    private final FileSystem files = new FileSystem(taskwatch);
    private final Scripts sh = new Scripts(folder.path(), folder.path());

    private Running run;

    @Before
    public void start() throws Exception {
        FileSystem.assumeIsPossible();
        Path etc = Files.createDirectories(taskwatch.base().resolve("etc"));
        Files.writeString(
                etc.resolve("org.taskwatch.shell.events.cfg"), "capacity = " + CAPACITY + "\n");
        run = taskwatch.run();
    }

    @After
    public void cleanUp() throws Exception {
        Files.writeString(folder.path().resolve(Held.GO), "");
        sh.close();
        taskwatch.close();
        folder.close();
    }

    private Running reader() throws Exception {
        Running reader = sh.start("exec cat base/fs/events");
        awaitThat(() -> {
            folder.runMarked();
            return reader.out().contains(folder.marker());
        });
        return reader;
    }

    @Test
    public void shouldTellASlowReaderWhatItHasMissed() throws Exception {
        Running reader = reader();
        signal(reader, "STOP");
        sh.call(STORM);
        signal(reader, "CONT");
        Told last = Mark.in(reader);

        List<Told> told = Told.parse(reader.out());
        told = told.subList(0, told.indexOf(last) + 1);
        List<Told> losses = told.stream().filter(Told::isLoss).toList();
        long missed = losses.stream().mapToLong(Told::count).sum();
        assertThat(losses).isNotEmpty().allMatch(loss -> loss.origin().equals("READER"));
        assertThat(told.size() - losses.size() + missed)
                .isEqualTo(sequence(reader, told.size() - 1) - sequence(reader, 0) + 1);
        assertThat(sh.call("cat base/fs/loss").out()).containsPattern("READER +task:events +[1-9]");
    }

    private static long sequence(Running reader, int line) throws IOException {
        Matcher matcher =
                SEQUENCE.matcher(reader.out().lines().skip(line).findFirst().orElseThrow());
        assertThat(matcher.find()).isTrue();
        return Long.parseLong(matcher.group(1));
    }

    private void signal(Running running, String name) throws Exception {
        assertThat(sh.call("kill -" + name + " " + running.process().pid()).status()).isZero();
    }

    @Test
    public void shouldEndTheReadersWhenItIsStoppedAndLeaveNothingMounted() throws Exception {
        Running reader = reader();
        Running stopped = reader();
        signal(stopped, "STOP");

        assertThat(taskwatch.call("stop").status()).isZero();
        assertThat(run.result().err()).doesNotContain("WARNING");
        assertThat(reader.result().status()).isLessThan(128);
        signal(stopped, "CONT");
        assertThat(stopped.result().status()).isLessThan(128);
        assertThat(files.mounted()).isEmpty();
        assertThat(taskwatch.base().resolve("fs")).doesNotExist();
    }

    @Test
    public void shouldServeAgainAfterItWasKilled() throws Exception {
        Running reader = reader();
        run.process().destroyForcibly().waitFor();

        assertThat(reader.result().err()).startsWith("cat: base/fs/events: ");
        assertThat(sh.call("ls base/fs").err()).endsWith("Transport endpoint is not connected\n");
        Running left = sh.start("cd base/fs 2>&1; exec cat rates");
        assertThat(left.result().status()).isPositive();

        taskwatch.run();
        assertThat(files.mounted()).hasSize(1);
        assertThat(sh.call("cat base/fs/rates").out()).startsWith("seconds ");
        reader();
        taskwatch.call("stop");
        assertThat(files.mounted()).isEmpty();
    }

    /// Starts a client of a file that hangs.
    private Running stuck() throws Exception {
        taskwatch.deploy("probe.jar", "1", Stubborn.class);
        awaitThat(() -> Files.exists(taskwatch.base().resolve("fs/probe/stubborn")));
        Running inside = sh.start("exec cat base/fs/probe/stubborn");
        awaitThat(() -> folder.seen().contains("1 entered"));
        return inside;
    }

    @Test
    public void shouldLetAClientGoAtTheDeadlineThoughItsFileHangs() throws Exception {
        Running inside = stuck();

        taskwatch.undeploy("probe.jar");
        assertThat(inside.result().err())
                .isEqualTo("cat: base/fs/probe/stubborn: No such device\n");
        assertThat(folder.seen()).doesNotContain("1 left");
        assertThat(sh.call("cat base/fs/rates").out()).startsWith("seconds ");
    }

    @Test
    public void shouldStopThoughAFileHangs() throws Exception {
        Running inside = stuck();

        assertThat(taskwatch.call("stop").status()).isZero();
        assertThat(inside.result().status()).isPositive();
        assertThat(folder.seen()).doesNotContain("1 left");
        assertThat(files.mounted()).isEmpty();
    }
}
