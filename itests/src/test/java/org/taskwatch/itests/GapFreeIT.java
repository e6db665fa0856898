// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.itests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.Assume.assumeTrue;

import org.junit.After;
import org.junit.Before;
import org.junit.Test;
import org.junit.runner.RunWith;
import org.ops4j.pax.exam.Configuration;
import org.ops4j.pax.exam.Option;
import org.ops4j.pax.exam.junit.PaxExam;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.taskwatch.api.Task;
import org.taskwatch.api.TaskEvent;
import org.taskwatch.api.spi.TaskNotifier;
import org.taskwatch.api.tool.TaskTable;
import org.taskwatch.itests.probe.Joiner;
import org.taskwatch.itests.probe.Notebook;
import org.taskwatch.itests.probe.Numbers;
import org.taskwatch.tasks.SourceInfo;
import org.taskwatch.tasks.Sources;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import javax.inject.Inject;

/// Nothing missing and nothing twice, over updates of a bundle and at the joining of a watcher. With the
/// connector here, with the programs in the kernel in the class that extends this one.
@RunWith(PaxExam.class)
public class GapFreeIT {
    private static final String FOLDER = "taskwatch.test.gapfree.folder";
    private static final Duration DEADLINE = Duration.ofSeconds(30);
    private static final int UPDATES = 100;

    @Inject private BundleContext context;
    @Inject private TaskNotifier notifier;
    @Inject private TaskTable table;
    @Inject private Sources sources;

    private final TempFolder folder = new TempFolder(Path.of(System.getProperty(FOLDER, "")));

    /// Builds the probes. Runs outside the framework.
    ///
    /// @return the options
    @Configuration
    public Option[] distribution() throws Exception {
        return distributionWithout("source-ebpf");
    }

    Option[] distributionWithout(String... bundles) throws Exception {
        TempFolder folder = TempFolder.create();
        Runtime.getRuntime().addShutdownHook(new Thread(folder::close));
        Path path = folder.path();
        String name = "org.taskwatch.itests.gapfree.";
        ProbeBundle.build(path.resolve("0.jar"), name + "numbers", path, "n", Numbers.class);
        ProbeBundle.build(path.resolve("1.jar"), name + "numbers", path, "n", Numbers.class);
        ProbeBundle.build(path.resolve("joiner.jar"), name + "joiner", path, "j", Joiner.class);
        System.setProperty(FOLDER, path.toString());
        return Framework.withDistribution(path.resolve("base"), bundles);
    }

    /// {@return the name of the source that the tests are about}
    String source() {
        return "connector";
    }

    @Before
    public void assumeSource() {
        assumeTrue(
                "needs the source " + source(),
                sources.sources().stream()
                        .anyMatch(s ->
                                s.name().equals(source()) && s.state() == SourceInfo.State.ACTIVE));
    }

    @After
    public void cleanUp() throws Exception {
        Files.deleteIfExists(folder.path().resolve(Notebook.SEEN));
    }

    private InputStream jar(String name) throws IOException {
        return Files.newInputStream(folder.path().resolve(name));
    }

    private Task self() {
        return Objects.requireNonNull(table.task((int) ProcessHandle.current().pid()));
    }

    @Test
    public void shouldTellEachEventOnceAndInOrderOverUpdates() throws Exception {
        Bundle bundle = context.installBundle("test:numbers", jar("0.jar"));
        bundle.start();
        AtomicBoolean isDone = new AtomicBoolean();
        AtomicInteger number = new AtomicInteger();
        Thread storm =
                Thread.ofPlatform()
                        .start(() -> {
                            while (!isDone.get()) {
                                notifier.notify(TaskEvent.GID, number.getAndIncrement(), self());
                                LockSupport.parkNanos(200_000);
                            }
                        });

        for (int i = 1; i <= UPDATES; i++) {
            try (InputStream next = jar(i % 2 + ".jar")) {
                bundle.update(next);
            }
        }
        isDone.set(true);
        storm.join();

        await().atMost(DEADLINE).until(() -> folder.seen().size() >= number.get());
        assertThat(folder.seen())
                .isEqualTo(IntStream.range(0, number.get()).mapToObj(i -> "n " + i).toList());
        bundle.uninstall();
    }

    @Test
    public void shouldTellEachTaskOnceToOneThatJoinsDuringAForkStorm() throws Exception {
        Process storm =
                new ProcessBuilder(
                                "/bin/sh",
                                "-c",
                                "i=0; while [ $i -lt 3000 ]; do /bin/true & i=$((i+1)); "
                                        + "[ $((i%50)) -ne 0 ] || wait; done; wait")
                        .start();
        Bundle bundle = context.installBundle("test:joiner", jar("joiner.jar"));
        bundle.start();
        assertThat(storm.isAlive()).isTrue();
        storm.waitFor();

        await().atMost(DEADLINE)
                .until(() -> {
                    TreeSet<Integer> before = tasksOfProc();
                    int asked = folder.seen().size();
                    notifier.notify(TaskEvent.INIT, 0, self());
                    await().atMost(DEADLINE).until(() -> folder.seen().size() > asked);
                    return before.equals(tasksOfProc()) && lastBook().equals(before.toString());
                });
        assertThat(folder.seen()).allMatch(line -> line.startsWith("j alive"));
        bundle.uninstall();
    }

    private String lastBook() {
        List<String> seen = folder.seen();
        String line = seen.isEmpty() ? "" : seen.getLast().replaceFirst("^j alive ", "");
        TreeSet<Integer> book = new TreeSet<>();
        for (String tid : line.replaceAll("[\\[\\] ]", "").split(",")) {
            if (!tid.isEmpty()) {
                book.add(Integer.valueOf(tid));
            }
        }
        return book.toString();
    }

    /// {@return the tids of all tasks that have not exited, read here and not by what is tested}
    private static TreeSet<Integer> tasksOfProc() throws IOException {
        TreeSet<Integer> tids = new TreeSet<>();
        try (Stream<Path> processes = Files.list(Path.of("/proc"))) {
            for (Path process : processes.filter(GapFreeIT::isNumber).toList()) {
                for (Path task : list(process.resolve("task"))) {
                    if (!isDead(task)) {
                        tids.add(Integer.valueOf(task.getFileName().toString()));
                    }
                }
            }
        }
        return tids;
    }

    private static boolean isNumber(Path path) {
        return path.getFileName().toString().matches("\\d+");
    }

    private static List<Path> list(Path folder) {
        try (Stream<Path> entries = Files.list(folder)) {
            return new ArrayList<>(entries.toList());
        } catch (IOException | UncheckedIOException e) {
            return List.of(); // it has ended meanwhile
        }
    }

    private static boolean isDead(Path task) {
        try {
            String stat = Files.readString(task.resolve("stat"));
            return "ZX".indexOf(stat.charAt(stat.lastIndexOf(')') + 2)) >= 0;
        } catch (IOException e) {
            return true;
        }
    }
}
