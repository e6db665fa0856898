// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.core;

import org.osgi.framework.Bundle;
import org.osgi.framework.Version;
import org.osgi.framework.startlevel.BundleStartLevel;
import org.osgi.framework.wiring.BundleCapability;
import org.osgi.framework.wiring.BundleWiring;
import org.taskwatch.api.Delivery;
import org.taskwatch.api.Task;
import org.taskwatch.api.TaskEvent;
import org.taskwatch.api.TaskWatcher;
import org.taskwatch.api.Verdict;
import org.taskwatch.api.tool.UnloadException;
import org.taskwatch.core.call.Callers;
import org.taskwatch.core.call.Clock;
import org.taskwatch.core.call.Watchdog;
import org.taskwatch.testing.FakeTask;

import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;

/// A core without a framework around it, and what its tests tell it.
final class Fixture {
    static final Duration DEADLINE = Duration.ofSeconds(20);

    /// Bytes that no test reaches by accident.
    static final int MANY = 1 << 20;

    private static final Task TASK = task(1);

    /// One for all cores, of which a stress test makes very many.
    private static final Timer TIMER = new Timer();

    private static final Clock CLOCK = new Clock(TIMER::after);

    final Callers callers = new Callers(CLOCK);
    final Snapshots snapshots = new Snapshots();

    /// Whether the framework is being stopped.
    final AtomicBoolean isEnding = new AtomicBoolean();

    final SyncCalls syncCalls;
    final Published published;
    final Registry registry;
    final Notifier notifier;
    final ModulesView modules;

    private final AtomicLong serviceIds = new AtomicLong();

    Fixture() {
        this(limits());
    }

    Fixture(Limits limits, Watcher... table) {
        this(limits, TIMER::after, table);
    }

    /// {@return a core whose watchdog ticks when its test says so}
    static Fixture ticking(Limits limits, Clock.Scheduler ticks) {
        return new Fixture(limits, ticks);
    }

    private Fixture(Limits limits, Clock.Scheduler ticks, Watcher... table) {
        syncCalls = new SyncCalls(limits.syncDeadline());
        published = new Published(List.of(table));
        registry =
                new Registry(
                        published,
                        callers,
                        new Drain(callers, limits),
                        limits,
                        TIMER,
                        snapshots,
                        isEnding::get);
        Watchdog watchdog = new Watchdog(callers, ticks, limits.syncDeadline());
        Asker asker = new Asker(registry, published, callers, watchdog, limits);
        notifier = new Notifier(registry, published, callers, syncCalls, asker, limits);
        modules = new ModulesView(registry, published, callers);
    }

    /// {@return limits that no test reaches by accident, with SYNC watchers called in place}
    static Limits limits() {
        return limits(Duration.ZERO, Verdict.ALLOW, 0);
    }

    static Limits limits(Duration syncDeadline, Verdict late, int mostFaults) {
        return new Limits(
                100,
                MANY,
                MANY,
                DEADLINE,
                DEADLINE,
                DEADLINE.multipliedBy(2),
                syncDeadline,
                late,
                mostFaults);
    }

    /// {@return a core that leaves nothing behind, of which a stress test makes very many}
    static Fixture stressed() {
        return new Fixture(
                new Limits(
                        100,
                        MANY,
                        MANY,
                        Duration.ZERO,
                        DEADLINE,
                        DEADLINE.multipliedBy(2),
                        Duration.ZERO,
                        Verdict.ALLOW,
                        0));
    }

    static Limits unloadLimits(Duration interruptAfter, Duration deadline) {
        return new Limits(
                100,
                MANY,
                MANY,
                DEADLINE,
                interruptAfter,
                deadline,
                Duration.ZERO,
                Verdict.ALLOW,
                0);
    }

    WatcherService add(
            Bundle bundle,
            Delivery delivery,
            int ranking,
            TaskWatcher watcher,
            TaskEvent... events) {
        return add(bundle, delivery, false, ranking, watcher, events);
    }

    WatcherService add(
            Bundle bundle,
            Delivery delivery,
            boolean existing,
            int ranking,
            TaskWatcher watcher,
            TaskEvent... events) {
        return add(bundle, delivery, existing, ranking, watcher, new Subscription(Set.of(events)));
    }

    WatcherService add(
            Bundle bundle,
            Delivery delivery,
            boolean existing,
            int ranking,
            TaskWatcher watcher,
            Subscription subscription) {
        WatcherService service =
                new WatcherService(
                        bundle,
                        watcher,
                        subscription,
                        delivery,
                        existing,
                        ranking,
                        serviceIds.incrementAndGet());
        registry.add(service);
        return service;
    }

    WatcherService sync(Bundle bundle, TaskWatcher watcher) {
        return add(bundle, Delivery.SYNC, 0, watcher, TaskEvent.EXEC, TaskEvent.INIT);
    }

    WatcherService queued(Bundle bundle, TaskWatcher watcher) {
        return add(bundle, Delivery.QUEUED, 0, watcher, TaskEvent.EXEC);
    }

    void remove(WatcherService service) {
        try {
            registry.remove(service);
        } catch (UnloadException e) {
            throw new AssertionError(e);
        }
    }

    void unregister(Module module) {
        try {
            registry.unregister(module, false);
        } catch (UnloadException e) {
            throw new AssertionError(e);
        }
    }

    void raise(TaskEvent event) {
        notifier.notify(event, 0, TASK);
    }

    /// A bundle that is active until it is stopped, and marked to be started.
    static final class FakeBundle {
        final AtomicInteger state = new AtomicInteger(Bundle.ACTIVE);
        final AtomicBoolean isMarked = new AtomicBoolean(true);
        final AtomicReference<BundleWiring> wiring = new AtomicReference<>(wiring());
        final Bundle bundle;

        FakeBundle(String name) {
            bundle =
                    fake(
                            Bundle.class,
                            (method, arguments) ->
                                    switch (method) {
                                        case "getSymbolicName", "toString" -> name;
                                        case "getState" -> state.get();
                                        case "getVersion" -> Version.emptyVersion;
                                        case "getBundleId" -> 1L;
                                        case "stop" -> state.getAndSet(Bundle.RESOLVED);
                                        case "adapt" ->
                                                arguments[0] == BundleWiring.class
                                                        ? wiring.get()
                                                        : startLevel();
                                        default -> throw new UnsupportedOperationException(method);
                                    });
        }

        private BundleStartLevel startLevel() {
            return fake(BundleStartLevel.class, (_, _) -> isMarked.get());
        }
    }

    static Bundle bundle(String name) {
        return new FakeBundle(name).bundle;
    }

    /// {@return a wiring in whose manifest watchers of these classes are declared}
    static BundleWiring wiring(Class<?>... watchers) {
        List<BundleCapability> declared = Arrays.stream(watchers).map(Fixture::capability).toList();
        return fake(BundleWiring.class, (_, _) -> declared);
    }

    private static BundleCapability capability(Class<?> watcher) {
        return fake(BundleCapability.class, (_, _) -> Map.of("class", watcher.getName()));
    }

    /// {@return a wiring in whose manifest one watcher of an event is declared}
    static BundleWiring wiring(TaskEvent event, Class<?> watcher) {
        Map<String, Object> attributes =
                Map.of("class", watcher.getName(), "event", List.of(event.name()));
        List<BundleCapability> declared =
                List.of(fake(BundleCapability.class, (_, _) -> attributes));
        return fake(BundleWiring.class, (_, _) -> declared);
    }

    private interface Answers {
        Object answer(String method, Object[] arguments);
    }

    private static <T> T fake(Class<T> type, Answers answers) {
        return type.cast(
                Proxy.newProxyInstance(
                        type.getClassLoader(),
                        new Class<?>[] {type},
                        (proxy, method, arguments) ->
                                switch (method.getName()) {
                                    case "hashCode" -> System.identityHashCode(proxy);
                                    case "equals" -> proxy == arguments[0];
                                    default -> answers.answer(method.getName(), arguments);
                                }));
    }

    static Task task(int tid) {
        return FakeTask.process(tid, null);
    }

    static Task thread(int tid, int pid) {
        return FakeTask.process(pid, null).thread(tid);
    }
}
