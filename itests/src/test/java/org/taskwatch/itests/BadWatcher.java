// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.itests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.ops4j.pax.exam.CoreOptions.composite;
import static org.ops4j.pax.exam.CoreOptions.frameworkProperty;
import static org.ops4j.pax.exam.CoreOptions.options;

import org.jspecify.annotations.Nullable;
import org.junit.After;
import org.junit.runner.RunWith;
import org.ops4j.pax.exam.Configuration;
import org.ops4j.pax.exam.Option;
import org.ops4j.pax.exam.junit.PaxExam;
import org.ops4j.pax.exam.spi.reactors.ExamReactorStrategy;
import org.ops4j.pax.exam.spi.reactors.PerClass;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.taskwatch.api.Delivery;
import org.taskwatch.api.Task;
import org.taskwatch.api.TaskEvent;
import org.taskwatch.api.TaskNotification;
import org.taskwatch.api.Verdict;
import org.taskwatch.api.spi.TaskNotifier;
import org.taskwatch.api.tool.ModuleInfo;
import org.taskwatch.api.tool.ModuleState;
import org.taskwatch.api.tool.Modules;
import org.taskwatch.api.tool.TaskTable;
import org.taskwatch.api.tool.WatcherInfo;
import org.taskwatch.itests.script.Scripted;
import org.taskwatch.itests.script.ScriptedQueued;
import org.taskwatch.itests.script.ScriptedSync;

import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.LongStream;

import javax.inject.Inject;

/// A bad watcher in the real framework with short limits. Beside it there are always two good modules,
/// one of each delivery, that must get every event. Its tests show each line of the table of bad
/// watchers in the README of the core.
@RunWith(PaxExam.class)
@ExamReactorStrategy(PerClass.class)
public abstract class BadWatcher {
    private static final String FOLDER = "taskwatch.test.bad.folder";
    static final String PREFIX = "org.taskwatch.itests.bad.";
    static final Duration DEADLINE = Duration.ofSeconds(20);
    static final Duration UNLOAD_DEADLINE = Duration.ofMillis(1_500);
    private static final Duration SYNC_DEADLINE = Duration.ofMillis(700);
    static final int MOST_FAULTS = 5;
    static final int LANE = 64;

    @Inject BundleContext context;
    @Inject Modules modules;
    @Inject TaskNotifier notifier;
    @Inject private TaskTable table;

    private final List<Bundle> installed = new ArrayList<>();
    final List<Long> queued = Collections.synchronizedList(new ArrayList<>());
    final List<Long> sync = Collections.synchronizedList(new ArrayList<>());
    final AtomicBoolean isLetGo = new AtomicBoolean();
    final AtomicInteger calls = new AtomicInteger();

    /// How many events were raised. Of the thread of the test.
    private long raised;

    /// What a watcher does in a call.
    interface Deed {
        @Nullable Verdict on(TaskNotification notification) throws Exception;
    }

    /// Builds the bundles. Runs outside the framework.
    ///
    /// @return the options
    @Configuration
    public Option[] distribution() throws Exception {
        TempFolder folder = TempFolder.create();
        Runtime.getRuntime().addShutdownHook(new Thread(folder::close));
        for (String name : List.of("good", "bad", "other")) {
            build(folder.path(), name, Delivery.QUEUED, ScriptedQueued.class);
            build(folder.path(), name, Delivery.SYNC, ScriptedSync.class);
        }
        System.setProperty(FOLDER, folder.path().toString());
        return options(
                composite(Framework.withDistribution(folder.path().resolve("base"))),
                limit("taskwatch.lane.capacity", LANE),
                limit("taskwatch.lane.hold.ms", 0), // no test has events of the one before
                limit("taskwatch.unload.interrupt.ms", 300),
                limit("taskwatch.unload.deadline.ms", UNLOAD_DEADLINE.toMillis()),
                limit("taskwatch.sync.deadline.ms", SYNC_DEADLINE.toMillis()),
                limit("taskwatch.watcher.faults", MOST_FAULTS));
    }

    private static Option limit(String property, long value) {
        return frameworkProperty(property).value(Long.toString(value));
    }

    private static void build(Path folder, String name, Delivery delivery, Class<?> component)
            throws Exception {
        String full = name + "-" + delivery;
        ProbeBundle.build(
                folder.resolve(full + ".jar"),
                PREFIX + full,
                folder,
                full,
                component,
                "Private-Package",
                component.getPackageName(),
                "-dsannotations-options",
                "inherit");
    }

    @After
    public void cleanUp() throws Exception {
        isLetGo.set(true);
        for (Bundle bundle : installed) {
            if (bundle.getState() != Bundle.UNINSTALLED) {
                bundle.uninstall();
            }
        }
        awaitThat(() -> modules.modules().stream().noneMatch(m -> m.name().startsWith(PREFIX)));
        Scripted.forgetScripts();
    }

    /// Starts a module that does something, and behind it the good ones.
    Bundle bad(Delivery delivery, Deed deed) throws Exception {
        Bundle bundle = start("bad", delivery, deed);
        if (good().isEmpty()) {
            start("good", Delivery.QUEUED, n -> note(queued, n));
            start("good", Delivery.SYNC, n -> note(sync, n));
        }
        return bundle;
    }

    private List<ModuleInfo> good() {
        return modules.modules().stream()
                .filter(module -> module.name().startsWith(PREFIX + "good"))
                .toList();
    }

    Bundle start(String name, Delivery delivery, Deed deed) throws Exception {
        String full = name + "-" + delivery;
        Scripted.scripts().put(PREFIX + full, n -> perform(deed, n));
        Path jar = Path.of(System.getProperty(FOLDER), full + ".jar");
        try (InputStream in = Files.newInputStream(jar)) {
            Bundle bundle = context.installBundle("test:" + full, in);
            installed.add(bundle);
            bundle.start();
            return bundle;
        }
    }

    private static @Nullable Verdict perform(Deed deed, TaskNotification notification) {
        try {
            return deed.on(notification);
        } catch (RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private static Verdict note(List<Long> values, TaskNotification notification) {
        values.add(notification.value());
        return Verdict.ALLOW;
    }

    Verdict raise() {
        return notifier.notify(TaskEvent.INIT, raised++, self());
    }

    private Task self() {
        return Objects.requireNonNull(table.task((int) ProcessHandle.current().pid()));
    }

    /// Raises one more event, and waits until both good modules have had it and all before.
    void raiseForTheGood() {
        raise();
        List<Long> all = LongStream.range(0, raised).boxed().toList();
        awaitThat(() -> queued.size() >= raised);
        assertThat(queued).isEqualTo(all);
        assertThat(sync).isEqualTo(all);
        assertThat(good())
                .hasSize(2)
                .allMatch(m -> m.state() == ModuleState.LIVE)
                .allMatch(m -> m.faults() == 0 && m.lane().lost() == 0);
    }

    static void awaitThat(Callable<Boolean> condition) {
        await().dontCatchUncaughtExceptions()
                .atMost(DEADLINE)
                .pollInterval(Duration.ofMillis(5))
                .until(condition);
    }

    ModuleInfo module(String name) {
        return modules.modules().stream()
                .filter(module -> module.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    WatcherInfo watcher(Bundle bundle) {
        return module(bundle.getSymbolicName()).watchers().getFirst();
    }

    boolean isKnown(Bundle bundle) {
        return modules.modules().stream().anyMatch(m -> m.bundleId() == bundle.getBundleId());
    }
}
