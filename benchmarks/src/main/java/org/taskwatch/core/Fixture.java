// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.core;

import org.osgi.framework.Bundle;
import org.taskwatch.api.Delivery;
import org.taskwatch.api.TaskEvent;
import org.taskwatch.api.TaskWatcher;
import org.taskwatch.api.tool.UnloadException;
import org.taskwatch.core.call.Callers;
import org.taskwatch.core.call.Clock;
import org.taskwatch.core.call.Watchdog;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.logging.Level;
import java.util.logging.Logger;

/// A core as [Activator] makes it, with watchers in it.
final class Fixture {
    /// Held here, because a logger that nobody holds forgets its level.
    private static final Logger LOGGER = Logger.getLogger("org.taskwatch");

    private static final Set<TaskEvent> EVENTS = EnumSet.of(TaskEvent.EXEC, TaskEvent.INIT);

    private static final int DEADLINE_MILLIS = 1_000;

    /// Seldom enough to add little to what is allocated.
    private static final long POLL_NANOS = 50_000;

    private final Registry registry;
    private final Published published;
    final Notifier notifier;

    private long serviceIds;

    static {
        LOGGER.setLevel(Level.OFF);
    }

    private Fixture(int syncDeadlineMillis, List<Watcher> table) {
        Limits limits =
                Limits.of(name ->
                        "taskwatch.sync.deadline.ms".equals(name)
                                ? Integer.toString(syncDeadlineMillis)
                                : null);
        Timer timer = new Timer();
        Callers callers = new Callers(new Clock(timer::after));
        published = new Published(table);
        registry =
                new Registry(
                        published,
                        callers,
                        new Drain(callers, limits),
                        limits,
                        timer,
                        new Snapshots(),
                        () -> false);
        notifier =
                new Notifier(
                        registry,
                        published,
                        callers,
                        new SyncCalls(limits.syncDeadline()),
                        new Asker(
                                registry,
                                published,
                                callers,
                                new Watchdog(callers, timer::after, limits.syncDeadline()),
                                limits),
                        limits);
    }

    /// {@return a core with a static table and no module}
    static Fixture linked(TaskWatcher... watchers) {
        return new Fixture(
                0,
                Arrays.stream(watchers)
                        .map(w -> Watcher.linked(w, "linked", new Subscription(EVENTS)))
                        .toList());
    }

    /// {@return a core with modules of one watcher each}
    static Fixture modules(Felix felix, Delivery delivery, TaskWatcher... watchers) {
        Fixture core = linked();
        core.add(felix, delivery, watchers);
        return core;
    }

    /// {@return a core with the deadline of an instance, with modules of one SYNC watcher each}
    static Fixture underDeadline(Felix felix, TaskWatcher... watchers) {
        Fixture core = new Fixture(DEADLINE_MILLIS, List.of());
        core.add(felix, Delivery.SYNC, watchers);
        return core;
    }

    private void add(Felix felix, Delivery delivery, TaskWatcher... watchers) {
        for (TaskWatcher watcher : watchers) {
            add(felix.bundle("m" + felix.context().getBundles().length), delivery, watcher);
        }
    }

    WatcherService add(Bundle bundle, Delivery delivery, TaskWatcher watcher) {
        WatcherService service =
                new WatcherService(
                        bundle,
                        watcher,
                        new Subscription(EVENTS),
                        delivery,
                        false,
                        0,
                        ++serviceIds);
        registry.add(service);
        return service;
    }

    void remove(WatcherService service) {
        try {
            registry.remove(service);
        } catch (UnloadException e) {
            throw new IllegalStateException(e);
        }
    }

    /// Waits until all lanes are empty.
    void drain() {
        for (Module module : published.live()) {
            while (module.lane().info().depth() > 0) {
                LockSupport.parkNanos(POLL_NANOS);
            }
        }
    }
}
