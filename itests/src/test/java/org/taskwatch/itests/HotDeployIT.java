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
import org.taskwatch.api.tool.ModuleInfo;
import org.taskwatch.api.tool.ModuleState;
import org.taskwatch.api.tool.Modules;
import org.taskwatch.api.tool.TaskTable;
import org.taskwatch.itests.probe.Held;
import org.taskwatch.itests.probe.Notebook;
import org.taskwatch.itests.probe.Recorder;

import java.io.InputStream;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;

import javax.inject.Inject;
import javax.management.ObjectName;

/// Watcher bundles that come and go while the kernel tells of real processes, in a framework with
/// the very bundles of the distribution.
@RunWith(PaxExam.class)
public class HotDeployIT {
    private static final Duration DEADLINE = Duration.ofSeconds(20);
    private static final String PROBE = "org.taskwatch.itests.probe";

    /// Set outside the framework, where bnd and the class path are, for the test inside.
    private static final String FOLDER = "taskwatch.test.folder";

    @Inject private BundleContext context;
    @Inject private Modules modules;
    @Inject private TaskTable table;

    private final TempFolder folder = new TempFolder(Path.of(System.getProperty(FOLDER, "")));
    private final List<Bundle> installed = new ArrayList<>();

    /// Builds the probes and names the bundles. Runs outside the framework, once for all tests.
    ///
    /// @return the options
    @Configuration
    public Option[] distribution() throws Exception {
        ManagementFactory.getPlatformMBeanServer(); // the static watcher uses it if it is there
        TempFolder folder = TempFolder.create();
        Runtime.getRuntime().addShutdownHook(new Thread(folder::close));
        Path path = folder.path();
        ProbeBundle.build(path.resolve("one.jar"), PROBE, path, "one", Recorder.class);
        ProbeBundle.build(path.resolve("two.jar"), PROBE, path, "two", Recorder.class);
        ProbeBundle.build(path.resolve("held.jar"), PROBE, path, "held", Held.class);
        System.setProperty(FOLDER, path.toString());
        return Framework.withDistribution(path.resolve("base"));
    }

    @Before
    public void knowsThisProcess() {
        assertThat(table.task((int) ProcessHandle.current().pid())).isNotNull();
    }

    @After
    public void cleanUp() throws Exception {
        Files.writeString(folder.path().resolve(Held.GO), "");
        for (Bundle bundle : installed) {
            if (bundle.getState() != Bundle.UNINSTALLED) {
                bundle.uninstall();
            }
        }
        Files.deleteIfExists(folder.path().resolve(Held.GO));
        Files.deleteIfExists(folder.path().resolve(Notebook.SEEN));
    }

    private Bundle install(String jar) throws Exception {
        try (InputStream in = Files.newInputStream(folder.path().resolve(jar))) {
            Bundle bundle = context.installBundle("test:" + jar, in);
            installed.add(bundle);
            bundle.start();
            return bundle;
        }
    }

    /// Runs a shell whose command line, and that of its children, has the marker in it. It begins
    /// only once its exec was seen: what a process was that is gone at once can't be read.
    private long run(String script) throws Exception {
        Process process =
                new ProcessBuilder("/bin/sh", "-c", "read _; " + script, folder.marker()).start();
        String exec = " EXEC " + process.pid() + " 0";
        awaitThat(() -> folder.seen().stream().anyMatch(line -> line.endsWith(exec)));
        process.getOutputStream().close();
        process.waitFor();
        return process.pid();
    }

    private ModuleInfo probe() {
        return modules.modules().stream()
                .filter(module -> module.name().equals(PROBE))
                .findFirst()
                .orElseThrow();
    }

    private static void awaitThat(Callable<Boolean> condition) {
        await().atMost(DEADLINE).pollInterval(Duration.ofMillis(10)).until(condition);
    }

    private void awaitSeen(String line) {
        awaitThat(() -> folder.seen().contains(line));
    }

    @Test
    public void shouldCallADeployedWatcherForRealForkExecExitAndFree() throws Exception {
        install("one.jar");

        long pid = run("(exit 5); exit 7");

        awaitSeen("one FREE " + pid + " " + (7 << 8));
        assertThat(folder.seen())
                .containsSubsequence(
                        "one EXEC " + pid + " 0",
                        "one EXIT " + pid + " " + (7 << 8),
                        "one FREE " + pid + " " + (7 << 8))
                .anyMatch(line -> line.matches("one CLONE \\d+ -?\\d+"))
                .anyMatch(line -> line.matches("one EXIT \\d+ " + (5 << 8)));
    }

    @Test
    public void shouldTellTheSignalThatEndedAProcess() throws Exception {
        install("one.jar");

        long pid = run("kill -9 $$");

        awaitSeen("one FREE " + pid + " 9");
    }

    @Test
    public void shouldTellTheUserIdBeforeASetuid() throws Exception {
        assumeTrue(
                "needs root, to become another user",
                Files.getAttribute(Path.of("/proc/self"), "unix:uid").equals(0));
        install("one.jar");

        long pid = run("exec setpriv --reuid 65534 --regid 65534 --clear-groups /bin/true $0");

        awaitSeen("one FREE " + pid + " 0");
        assertThat(folder.seen())
                .containsSubsequence("one EXEC " + pid + " 0", "one GID " + pid + " 0")
                .containsSubsequence("one EXEC " + pid + " 0", "one UID " + pid + " 0");
    }

    @Test
    public void shouldCallTheNewRevisionAfterAnUpdateAndNoneAfterUninstall() throws Exception {
        Bundle bundle = install("one.jar");
        awaitSeen("one FREE " + run(":") + " 0");

        try (InputStream in = Files.newInputStream(folder.path().resolve("two.jar"))) {
            bundle.update(in);
        }
        awaitSeen("two FREE " + run(":") + " 0");
        List<String> afterUpdate = folder.seen();
        assertThat(afterUpdate.subList(afterUpdate.indexOf("one deactivated"), afterUpdate.size()))
                .filteredOn(line -> line.startsWith("one"))
                .containsExactly("one deactivated");

        bundle.uninstall();
        int count = folder.seen().size();
        Bundle other = install("one.jar");
        awaitSeen("one FREE " + run(":") + " 0");
        other.uninstall();
        assertThat(folder.seen().subList(count, folder.seen().size()))
                .noneMatch(line -> line.startsWith("two"));
    }

    @Test
    public void shouldKeepBundleFromStoppingWhileItsWatcherRuns() throws Exception {
        Bundle bundle = install("held.jar");
        Process process = new ProcessBuilder("/bin/sh", "-c", "read _", folder.marker()).start();
        awaitSeen("held entered");
        process.destroy();
        assertThat(probe().inFlight()).isEqualTo(1);
        assertThat(modules.calls(PROBE).getFirst().watcher()).isEqualTo(Held.class.getName());

        CompletableFuture<Void> stop =
                CompletableFuture.runAsync(() -> {
                    try {
                        bundle.stop();
                    } catch (Exception e) {
                        throw new IllegalStateException(e);
                    }
                });
        awaitThat(() -> probe().state() == ModuleState.DRAINING);
        assertThat(stop).isNotDone();
        assertThat(bundle.getState()).isEqualTo(Bundle.STOPPING);

        Files.writeString(folder.path().resolve(Held.GO), "");
        assertThat(stop).succeedsWithin(DEADLINE);
        assertThat(folder.seen())
                .startsWith("held entered", "held left")
                .endsWith("held deactivated");
    }

    @Test
    public void shouldCountByTheStaticWatcherOfTheFragment() throws Exception {
        assertThat(modules.watchers().getFirst().linked()).isTrue();
        assertThat(modules.watchers().getFirst().name()).contains("TaskCounter");
        var server = ManagementFactory.getPlatformMBeanServer();
        ObjectName name = new ObjectName("org.taskwatch:type=TaskCounter");
        long before = (Long) server.getAttribute(name, "Exits");

        new ProcessBuilder("/bin/sh", "-c", "(exit 5)").start().waitFor();

        awaitThat(() -> (Long) server.getAttribute(name, "Exits") >= before + 2);
    }
}
