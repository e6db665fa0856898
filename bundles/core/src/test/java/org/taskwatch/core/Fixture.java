// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.core;

import org.jspecify.annotations.Nullable;
import org.osgi.framework.Bundle;
import org.osgi.framework.Version;
import org.taskwatch.api.Credentials;
import org.taskwatch.api.Delivery;
import org.taskwatch.api.Detail;
import org.taskwatch.api.Task;
import org.taskwatch.api.TaskDetails;
import org.taskwatch.api.TaskEvent;
import org.taskwatch.api.TaskWatcher;
import org.taskwatch.api.UnloadException;

import java.lang.reflect.Proxy;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/// A core without a framework around it, and what its tests tell it.
final class Fixture {
    static final Duration DEADLINE = Duration.ofSeconds(20);

    private static final Task TASK = task(1);

    final Callers callers = new Callers();
    final Registry registry;
    final Notifier notifier;
    final ModulesView modules;

    private final AtomicLong serviceIds = new AtomicLong();

    Fixture() {
        this(new Limits(100, DEADLINE, DEADLINE.multipliedBy(2), DEADLINE), List.of());
    }

    Fixture(Limits limits, List<Watcher> table) {
        registry = new Registry(table, callers, new Drain(callers, limits), limits.laneCapacity());
        notifier = new Notifier(registry, callers);
        modules = new ModulesView(registry, callers);
    }

    Offer offer(
            Bundle bundle,
            Delivery delivery,
            int ranking,
            TaskWatcher watcher,
            TaskEvent... events) {
        Offer offer =
                new Offer(
                        bundle,
                        watcher,
                        EnumSet.copyOf(Set.of(events)),
                        delivery,
                        ranking,
                        serviceIds.incrementAndGet());
        registry.offer(offer);
        return offer;
    }

    Offer sync(Bundle bundle, TaskWatcher watcher) {
        return offer(bundle, Delivery.SYNC, 0, watcher, TaskEvent.EXEC, TaskEvent.INIT);
    }

    Offer queued(Bundle bundle, TaskWatcher watcher) {
        return offer(bundle, Delivery.QUEUED, 0, watcher, TaskEvent.EXEC);
    }

    void withdraw(Offer offer) {
        try {
            registry.withdraw(offer);
        } catch (UnloadException e) {
            throw new AssertionError(e);
        }
    }

    void unregister(Module module) {
        try {
            registry.unregister(module);
        } catch (UnloadException e) {
            throw new AssertionError(e);
        }
    }

    void raise(TaskEvent event) {
        notifier.notify(event, 0, TASK);
    }

    /// {@return an active bundle; the state can be set afterwards}
    static Bundle bundle(String name, AtomicInteger state) {
        return (Bundle)
                Proxy.newProxyInstance(
                        Fixture.class.getClassLoader(),
                        new Class<?>[] {Bundle.class},
                        (proxy, method, arguments) ->
                                switch (method.getName()) {
                                    case "getSymbolicName", "toString" -> name;
                                    case "getState" -> state.get();
                                    case "getVersion" -> Version.emptyVersion;
                                    case "getBundleId" -> 1L;
                                    case "hashCode" -> System.identityHashCode(proxy);
                                    case "equals" -> proxy == arguments[0];
                                    default ->
                                            throw new UnsupportedOperationException(
                                                    method.toString());
                                });
    }

    static Bundle bundle(String name) {
        return bundle(name, new AtomicInteger(Bundle.ACTIVE));
    }

    static Task task(int tid) {
        return new FakeTask(tid);
    }

    private record FakeTask(int tid) implements Task, TaskDetails {
        @Override
        public int pid() {
            return tid;
        }

        @Override
        public Instant start() {
            return Instant.EPOCH;
        }

        @Override
        public @Nullable Task parent() {
            return null;
        }

        @Override
        public TaskDetails details() {
            return this;
        }

        @Override
        public OptionalInt exitStatus() {
            return OptionalInt.empty();
        }

        @Override
        public boolean isFreed() {
            return false;
        }

        @Override
        public Detail<String> comm() {
            return Detail.of("fake");
        }

        @Override
        public Detail<Credentials> credentials() {
            return Detail.unknown(Detail.Reason.NOT_READ);
        }

        @Override
        public Detail<String> executable() {
            return Detail.unknown(Detail.Reason.NOT_READ);
        }

        @Override
        public Detail<List<String>> commandLine() {
            return Detail.unknown(Detail.Reason.NOT_READ);
        }
    }
}
