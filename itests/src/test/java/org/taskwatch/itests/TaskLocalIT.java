// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.itests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import org.junit.After;
import org.junit.Before;
import org.junit.Test;
import org.junit.runner.RunWith;
import org.ops4j.pax.exam.Configuration;
import org.ops4j.pax.exam.Option;
import org.ops4j.pax.exam.junit.PaxExam;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.wiring.BundleWiring;
import org.taskwatch.api.Task;
import org.taskwatch.api.tool.TaskLocalInfo;
import org.taskwatch.api.tool.TaskTable;
import org.taskwatch.api.tool.TaskValue;
import org.taskwatch.api.tool.TaskValues;
import org.taskwatch.itests.probe.Keeping;
import org.taskwatch.itests.probe.Notebook;

import java.io.InputStream;
import java.lang.ref.WeakReference;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;

import javax.inject.Inject;

/// What a watcher keeps with real processes, while they fork and end and its bundle comes and goes.
@RunWith(PaxExam.class)
public class TaskLocalIT {
    private static final Duration DEADLINE = Duration.ofSeconds(20);
    private static final String PROBE = "org.taskwatch.itests.keeping";

    /// Set outside the framework, where bnd and the class path are, for the test inside.
    private static final String FOLDER = "taskwatch.test.locals.folder";

    @Inject private BundleContext context;
    @Inject private TaskTable table;
    @Inject private TaskValues values;

    private final TempFolder folder = new TempFolder(Path.of(System.getProperty(FOLDER, "")));
    private final List<Process> started = new ArrayList<>();
    private Bundle bundle;

    /// Builds the probes. Runs outside the framework, once for all tests.
    ///
    /// @return the options
    @Configuration
    public Option[] distribution() throws Exception {
        TempFolder folder = TempFolder.create();
        Runtime.getRuntime().addShutdownHook(new Thread(folder::close));
        Path path = folder.path();
        ProbeBundle.build(path.resolve("one.jar"), PROBE, path, "one", Keeping.class);
        ProbeBundle.build(path.resolve("two.jar"), PROBE, path, "two", Keeping.class);
        System.setProperty(FOLDER, path.toString());
        return Framework.withDistribution(path.resolve("base"));
    }

    @Before
    public void install() throws Exception {
        try (InputStream in = jar("one.jar")) {
            bundle = context.installBundle("test:keeping", in);
        }
        bundle.start();
    }

    @After
    public void cleanUp() throws Exception {
        for (Process process : started) {
            process.destroyForcibly().waitFor();
        }
        if (bundle.getState() != Bundle.UNINSTALLED) {
            bundle.uninstall();
        }
        Files.deleteIfExists(folder.path().resolve(Notebook.SEEN));
    }

    private InputStream jar(String name) throws Exception {
        return Files.newInputStream(folder.path().resolve(name));
    }

    /// Runs a shell that has its note, and waits for a line before it forks a child and ends.
    private Process startNoted() throws Exception {
        Process process =
                new ProcessBuilder("/bin/sh", "-c", "read _; (exit 5); exit 7", folder.marker())
                        .start();
        started.add(process);
        awaitSeen("one EXEC " + process.pid());
        return process;
    }

    private static void end(Process process) throws Exception {
        process.getOutputStream().close();
        process.waitFor();
    }

    private static void awaitThat(Callable<Boolean> condition) {
        await().atMost(DEADLINE).pollInterval(Duration.ofMillis(10)).until(condition);
    }

    private void awaitSeen(String line) {
        awaitThat(() -> folder.seen().contains(line));
    }

    private Task task(Process process) {
        return Objects.requireNonNull(table.task((int) process.pid()));
    }

    private long kept() {
        return values.locals().stream().mapToLong(TaskLocalInfo::values).sum();
    }

    @Test
    public void shouldInheritAtTheForkAndDropAfterTheFree() throws Exception {
        Process process = startNoted();
        assertThat(values.of(task(process)))
                .containsExactly(new TaskValue(PROBE, "note", "by one"));
        assertThat(values.locals())
                .containsExactly(new TaskLocalInfo(PROBE, "note", kept(), false, true, true));

        end(process);

        awaitSeen("one FREE " + process.pid() + " by one");
        assertThat(folder.seen())
                .anyMatch(line -> line.matches("one CLONE \\d+ by one\\+"))
                .anyMatch(line -> line.matches("one EXIT \\d+ by one\\+"))
                .anyMatch(line -> line.matches("one FREE \\d+ by one\\+"))
                .contains("one EXIT " + process.pid() + " by one");
        awaitThat(() -> kept() == 0);
    }

    @Test
    public void shouldCarryOverAnUpdate() throws Exception {
        Process process = startNoted();

        try (InputStream in = jar("two.jar")) {
            bundle.update(in);
        }
        end(process);

        awaitSeen("two FREE " + process.pid() + " by one");
        assertThat(folder.seen()).anyMatch(line -> line.matches("two CLONE \\d+ by one\\+"));
        awaitThat(() -> kept() == 0);
    }

    @Test
    public void shouldBeginAnewWhenTheBundleWasJustStopped() throws Exception {
        Process process = startNoted();

        bundle.stop();
        assertThat(values.locals()).isEmpty();
        bundle.start();
        end(process);

        awaitSeen("one FREE " + process.pid() + " -");
        assertThat(kept()).isZero();
    }

    @Test
    public void shouldHoldNoClassOfABundleThatIsGoneWhileItsTasksLive() throws Exception {
        Process process = startNoted();
        WeakReference<ClassLoader> loader = new WeakReference<>(loader(bundle));

        bundle.uninstall();
        Files.deleteIfExists(folder.path().resolve(Notebook.SEEN));

        awaitThat(() -> {
            new ProcessBuilder("/bin/true")
                    .start()
                    .waitFor(); // what the next event lets go is no leak
            System.gc();
            return loader.get() == null;
        });
        assertThat(process.isAlive()).isTrue();
        assertThat(task(process).isFreed()).isFalse();
    }

    private static ClassLoader loader(Bundle bundle) {
        return bundle.adapt(BundleWiring.class).getClassLoader();
    }
}
