// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.itests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.ops4j.pax.exam.CoreOptions.composite;
import static org.ops4j.pax.exam.CoreOptions.frameworkProperty;
import static org.ops4j.pax.exam.CoreOptions.options;

import org.jspecify.annotations.Nullable;
import org.junit.After;
import org.junit.Test;
import org.junit.runner.RunWith;
import org.ops4j.pax.exam.Configuration;
import org.ops4j.pax.exam.Option;
import org.ops4j.pax.exam.junit.PaxExam;
import org.ops4j.pax.exam.spi.reactors.ExamReactorStrategy;
import org.ops4j.pax.exam.spi.reactors.PerClass;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.taskwatch.api.CallInfo;
import org.taskwatch.api.Delivery;
import org.taskwatch.api.ModuleInfo;
import org.taskwatch.api.ModuleState;
import org.taskwatch.api.Modules;
import org.taskwatch.api.Task;
import org.taskwatch.api.TaskEvent;
import org.taskwatch.api.TaskNotification;
import org.taskwatch.api.TaskNotifier;
import org.taskwatch.api.TaskTable;
import org.taskwatch.api.UnloadException;
import org.taskwatch.api.Verdict;
import org.taskwatch.api.WatcherInfo;
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
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.LongStream;

import javax.inject.Inject;

/// What becomes of a bad watcher, in the real framework with short limits: each line of that table
/// in the README of the core. Beside it there are always two good modules, one of each delivery,
/// that must get every event.
@RunWith(PaxExam.class)
@ExamReactorStrategy(PerClass.class)
public class BadWatcherIT {
    private static final String FOLDER = "taskwatch.test.bad.folder";
    private static final String PREFIX = "org.taskwatch.itests.bad.";
    private static final Duration DEADLINE = Duration.ofSeconds(20);
    private static final Duration UNLOAD_DEADLINE = Duration.ofMillis(1_500);
    private static final Duration SYNC_DEADLINE = Duration.ofMillis(700);
    private static final int MOST_FAULTS = 5;
    private static final int LANE = 64;

    @Inject private BundleContext context;
    @Inject private Modules modules;
    @Inject private TaskNotifier notifier;
    @Inject private TaskTable table;

    private final List<Bundle> installed = new ArrayList<>();
    private final List<Long> queued = Collections.synchronizedList(new ArrayList<>());
    private final List<Long> sync = Collections.synchronizedList(new ArrayList<>());
    private final AtomicBoolean isLetGo = new AtomicBoolean();
    private final AtomicInteger calls = new AtomicInteger();

    /// How many events were raised. Of the thread of the test.
    private long raised;

    /// What a watcher does in a call.
    private interface Deed {
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
    private Bundle bad(Delivery delivery, Deed deed) throws Exception {
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

    private Bundle start(String name, Delivery delivery, Deed deed) throws Exception {
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

    private Verdict raise() {
        return notifier.notify(TaskEvent.INIT, raised++, self());
    }

    private Task self() {
        return Objects.requireNonNull(table.task((int) ProcessHandle.current().pid()));
    }

    /// Raises one more event, and waits until both good modules have had it and all before.
    private void raiseForTheGood() {
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

    private static void awaitThat(Callable<Boolean> condition) {
        await().dontCatchUncaughtExceptions()
                .atMost(DEADLINE)
                .pollInterval(Duration.ofMillis(5))
                .until(condition);
    }

    private ModuleInfo module(String name) {
        return modules.modules().stream()
                .filter(module -> module.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private WatcherInfo watcher(Bundle bundle) {
        return module(bundle.getSymbolicName()).watchers().getFirst();
    }

    private boolean isKnown(Bundle bundle) {
        return modules.modules().stream().anyMatch(m -> m.bundleId() == bundle.getBundleId());
    }

    @Test
    public void shouldCountWhatAWatcherThrowsAndSuspendItAfterManyInARow() throws Exception {
        faulty(
                "on purpose",
                _ -> {
                    throw new IllegalArgumentException("on purpose");
                });
        faulty(
                "AssertionError",
                _ -> {
                    throw new AssertionError("on purpose");
                });
        faulty("StackOverflowError", this::overflow);
        faulty("null", _ -> null);
    }

    @SuppressWarnings("InfiniteRecursion")
    private Verdict overflow(TaskNotification notification) {
        return overflow(notification);
    }

    private void faulty(String lastFault, Deed deed) throws Exception {
        for (Delivery delivery : Delivery.values()) {
            calls.set(0);
            Bundle bundle =
                    bad(
                            delivery,
                            n -> {
                                calls.incrementAndGet();
                                return deed.on(n);
                            });
            for (int i = 0; i < 2 * MOST_FAULTS; i++) {
                raiseForTheGood();
            }
            awaitThat(() -> !watcher(bundle).suspended().isEmpty());
            assertThat(watcher(bundle).lastFault()).contains(lastFault);
            assertThat(watcher(bundle).suspended()).contains(MOST_FAULTS + " faults in a row");
            assertThat(module(bundle.getSymbolicName()).faults()).isEqualTo(MOST_FAULTS);
            assertThat(module(bundle.getSymbolicName()).references()).isEmpty();
            assertThat(calls).hasValue(MOST_FAULTS);

            awaitThat(() -> module(bundle.getSymbolicName()).lane().depth() == 0);
            modules.resume(bundle.getSymbolicName());
            raiseForTheGood();
            awaitThat(() -> calls.get() == MOST_FAULTS + 1);
            bundle.uninstall();
        }
    }

    @Test
    public void shouldHandAnErrorOfTheVirtualMachineToTheHandlerOfTheCallingThread()
            throws Exception {
        List<Throwable> handled = Collections.synchronizedList(new ArrayList<>());
        var before = Thread.getDefaultUncaughtExceptionHandler();
        Thread.setDefaultUncaughtExceptionHandler((_, error) -> handled.add(error));
        try {
            for (Delivery delivery : Delivery.values()) {
                handled.clear();
                Bundle bundle =
                        bad(
                                delivery,
                                _ -> {
                                    throw new InternalError("on purpose");
                                });
                raiseForTheGood();
                awaitThat(() -> handled.size() == 1);
                assertThat(handled.getFirst()).isInstanceOf(InternalError.class);
                assertThat(watcher(bundle).faults()).isEqualTo(1);
                raiseForTheGood();
                awaitThat(() -> handled.size() == 2);
                bundle.uninstall();
            }
        } finally {
            Thread.setDefaultUncaughtExceptionHandler(before);
        }
    }

    /// Loops until the test is over, whatever interrupts it.
    private Verdict loop(TaskNotification notification) {
        calls.incrementAndGet();
        while (!isLetGo.get()) {
            Thread.onSpinWait();
        }
        return Verdict.ALLOW;
    }

    private Verdict sleep(TaskNotification notification) throws InterruptedException {
        if (calls.getAndIncrement() == 0) {
            TimeUnit.HOURS.sleep(1);
        }
        return Verdict.ALLOW;
    }

    @Test
    public void shouldLoseOnlyItsOwnEventsWhenAQueuedWatcherLoopsAndBeStuckWhenItIsStopped()
            throws Exception {
        Bundle bundle = bad(Delivery.QUEUED, this::loop);
        String name = bundle.getSymbolicName();
        raiseForTheGood();
        awaitThat(() -> calls.get() == 1);
        for (int i = 0; i < LANE + 9; i++) {
            raiseForTheGood();
        }
        assertThat(module(name).lane().lost()).isEqualTo(9);

        stopIsStuck(bundle, "taskwatch-lane-" + name);
    }

    @Test
    public void shouldSuspendASyncWatcherThatLoopsAndBeStuckWhenItIsStopped() throws Exception {
        Bundle bundle = bad(Delivery.SYNC, this::loop);
        assertThat(raise()).isSameAs(Verdict.ALLOW);
        raiseForTheGood();
        assertThat(watcher(bundle).suspended()).contains("no answer to INIT within 700 ms");
        assertThat(calls).hasValue(1);
        assertThatThrownBy(() -> modules.resume(bundle.getSymbolicName()))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("in flight");

        stopIsStuck(bundle, "taskwatch-asker-");
    }

    private void stopIsStuck(Bundle bundle, String thread) throws Exception {
        String name = bundle.getSymbolicName();
        assertThat(module(name).inFlight()).isEqualTo(1);
        assertThatThrownBy(() -> modules.unregister(name))
                .isInstanceOf(UnloadException.class)
                .hasMessageContaining(thread);
        assertThat(module(name).state()).isEqualTo(ModuleState.STUCK);
        bundle.stop();
        assertThat(bundle.getState()).isEqualTo(Bundle.RESOLVED);
        raiseForTheGood();
        assertThat(module(name).state()).isEqualTo(ModuleState.STUCK);
        CallInfo call = modules.calls(name).getFirst();
        assertThat(call.thread()).startsWith(thread);
        assertThat(call.stack()).anyMatch(frame -> frame.getMethodName().equals("loop"));
        assertThat(calls).hasValue(1);

        isLetGo.set(true);
        awaitThat(() -> !isKnown(bundle));
    }

    @Test
    public void shouldTellOfTheCallThatTheStopOfABundleDoesNotWaitForAnyLonger() throws Exception {
        for (Delivery delivery : Delivery.values()) {
            isLetGo.set(false);
            calls.set(0);
            Bundle bundle = bad(delivery, this::loop);
            raise();
            awaitThat(() -> calls.get() == 1);
            long start = System.nanoTime();
            bundle.uninstall();
            Duration took = Duration.ofNanos(System.nanoTime() - start);
            assertThat(took).isBetween(UNLOAD_DEADLINE, UNLOAD_DEADLINE.multipliedBy(3));
            assertThat(module(bundle.getSymbolicName()).state()).isEqualTo(ModuleState.STUCK);
            raiseForTheGood();
            isLetGo.set(true);
            awaitThat(() -> !isKnown(bundle));
        }
    }

    @Test
    public void shouldInterruptAQueuedWatcherThatSleepsWhenItIsStopped() throws Exception {
        Bundle bundle = bad(Delivery.QUEUED, this::sleep);
        raiseForTheGood();
        awaitThat(() -> calls.get() == 1);
        bundle.stop();
        assertThat(isKnown(bundle)).isFalse();
        raiseForTheGood();
        assertThat(calls).hasValue(1);
    }

    @Test
    public void shouldInterruptASyncWatcherThatSleepsAtTheDeadlineAndLetItBeResumed()
            throws Exception {
        Bundle bundle = bad(Delivery.SYNC, this::sleep);
        raiseForTheGood();
        assertThat(watcher(bundle).suspended()).contains("no answer to INIT");
        awaitThat(() -> module(bundle.getSymbolicName()).inFlight() == 0);
        modules.resume(bundle.getSymbolicName());
        raiseForTheGood();
        assertThat(calls).hasValue(2);
        assertThat(watcher(bundle).suspended()).isEmpty();
    }

    @Test
    public void shouldLetAWatcherStopItsOwnBundle() throws Exception {
        for (Delivery delivery : Delivery.values()) {
            calls.set(0);
            List<Bundle> own = new ArrayList<>();
            own.add(
                    bad(
                            delivery,
                            _ -> {
                                calls.incrementAndGet();
                                own.getFirst().stop();
                                return Verdict.ALLOW;
                            }));
            raiseForTheGood();
            awaitThat(() -> own.getFirst().getState() == Bundle.RESOLVED);
            awaitThat(() -> !isKnown(own.getFirst()));
            raiseForTheGood();
            assertThat(calls).hasValue(1);
            own.getFirst().uninstall();
        }
    }

    @Test
    public void shouldLetAWatcherStopAnotherBundle() throws Exception {
        for (Delivery delivery : Delivery.values()) {
            for (Delivery its : Delivery.values()) {
                AtomicInteger itsCalls = new AtomicInteger();
                Bundle other =
                        start(
                                "other",
                                its,
                                _ -> {
                                    itsCalls.incrementAndGet();
                                    return Verdict.ALLOW;
                                });
                Bundle bundle =
                        bad(
                                delivery,
                                _ -> {
                                    other.stop();
                                    return Verdict.ALLOW;
                                });
                raiseForTheGood();
                awaitThat(() -> other.getState() == Bundle.RESOLVED && !isKnown(other));
                int before = itsCalls.get();
                raiseForTheGood();
                assertThat(itsCalls).hasValue(before).hasValueLessThan(2);
                assertThat(module(bundle.getSymbolicName()).faults()).isZero();
                bundle.uninstall();
                other.uninstall();
            }
        }
    }

    @Test
    public void shouldLetAWatcherTakeModulesOutAndIn() throws Exception {
        for (Delivery delivery : Delivery.values()) {
            calls.set(0);
            AtomicInteger otherCalls = new AtomicInteger();
            Bundle other =
                    start(
                            "other",
                            delivery,
                            _ -> {
                                otherCalls.incrementAndGet();
                                return Verdict.ALLOW;
                            });
            String own = PREFIX + "bad-" + delivery;
            Bundle bundle =
                    bad(
                            delivery,
                            _ -> {
                                for (String name : List.of(other.getSymbolicName(), own)) {
                                    modules.unregister(name);
                                    modules.register(name);
                                }
                                calls.incrementAndGet();
                                return Verdict.ALLOW;
                            });
            for (int i = 1; i <= 3; i++) {
                int times = i;
                raiseForTheGood();
                awaitThat(() -> calls.get() == times);
            }
            assertThat(module(own).state()).isEqualTo(ModuleState.LIVE);
            assertThat(module(own).faults()).isZero();
            assertThat(module(other.getSymbolicName()).state()).isEqualTo(ModuleState.LIVE);
            bundle.uninstall();
            int before = otherCalls.get();
            raiseForTheGood();
            awaitThat(() -> otherCalls.get() > before);
            other.uninstall();
        }
    }

    @Test
    public void shouldLetAQueuedWatcherRaiseEvents() throws Exception {
        Bundle bundle =
                bad(
                        Delivery.QUEUED,
                        n -> {
                            if (n.event() == TaskEvent.INIT && n.value() < 10) {
                                notifier.notify(TaskEvent.INIT, n.value() + 10, n.task());
                            }
                            return Verdict.ALLOW;
                        });
        raise();
        awaitThat(() -> queued.size() == 2 && sync.size() == 2);
        assertThat(queued).containsExactlyInAnyOrder(0L, 10L);
        assertThat(sync).containsExactlyInAnyOrder(0L, 10L);
        assertThat(module(bundle.getSymbolicName()).faults()).isZero();
    }

    @Test
    public void shouldEndASyncWatcherThatRaisesWhatItWatchesInAFault() throws Exception {
        Bundle bundle =
                bad(
                        Delivery.SYNC,
                        n -> {
                            calls.incrementAndGet();
                            return notifier.notify(n);
                        });
        raise();
        assertThat(calls).hasValue(16);
        assertThat(watcher(bundle).faults()).isEqualTo(1);
        assertThat(watcher(bundle).lastFault()).contains("16 deep");
        assertThat(module(bundle.getSymbolicName()).inFlight()).isZero();
        bundle.stop();
        awaitThat(() -> queued.size() == 17);
        assertThat(sync).hasSize(16);
        assertThatCode(this::raise).doesNotThrowAnyException();
        awaitThat(() -> queued.getLast() == 1 && sync.getLast() == 1);
    }

    @Test
    public void shouldEndAtTheUnloadDeadlineWhenTwoStopEachOther() throws Exception {
        for (Delivery delivery : Delivery.values()) {
            CyclicBarrier both = new CyclicBarrier(2);
            List<Bundle> pair = Collections.synchronizedList(new ArrayList<>());
            pair.add(start("other", Delivery.QUEUED, _ -> stop(both, pair.get(1))));
            pair.add(bad(delivery, _ -> stop(both, pair.get(0))));
            long start = System.nanoTime();
            raiseForTheGood();
            awaitThat(() -> pair.stream().allMatch(b -> b.getState() == Bundle.RESOLVED));
            assertThat(Duration.ofNanos(System.nanoTime() - start))
                    .isBetween(UNLOAD_DEADLINE, UNLOAD_DEADLINE.multipliedBy(4));
            awaitThat(() -> pair.stream().noneMatch(this::isKnown));
            raiseForTheGood();
            for (Bundle bundle : pair) {
                bundle.uninstall();
            }
        }
    }

    private static Verdict stop(CyclicBarrier both, Bundle other) throws Exception {
        both.await(DEADLINE.toSeconds(), TimeUnit.SECONDS);
        other.stop();
        return Verdict.ALLOW;
    }
}
