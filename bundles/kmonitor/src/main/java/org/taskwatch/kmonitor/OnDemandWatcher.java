// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.kmonitor;

import com.google.errorprone.annotations.concurrent.GuardedBy;

import org.jspecify.annotations.Nullable;
import org.osgi.framework.BundleContext;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.ServiceRegistration;
import org.taskwatch.api.TaskEvent;
import org.taskwatch.api.TaskWatcher;
import org.taskwatch.api.WatchTask;

import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.BooleanSupplier;

/// Keeps a watcher registered while it is needed, and only then.
///
/// Its lock is held while the watcher is registered and unregistered, which waits for the calls of
/// the watcher: so such a call must never take it.
final class OnDemandWatcher {
    private static final Executor STARTER =
            work -> Thread.ofPlatform().daemon().name("taskwatch-kmonitor-register").start(work);

    private final BundleContext context;
    private final TaskWatcher watcher;
    private final boolean isOfThreads;
    private final TaskEvent[] events;
    private final BooleanSupplier isNeeded;

    /// How many are about to make it needed.
    @GuardedBy("this")
    private int holders;

    @GuardedBy("this")
    private @Nullable ServiceRegistration<TaskWatcher> registration;

    OnDemandWatcher(
            BundleContext context,
            TaskWatcher watcher,
            boolean isOfThreads,
            BooleanSupplier isNeeded,
            TaskEvent... events) {
        this.context = context;
        this.watcher = watcher;
        this.isOfThreads = isOfThreads;
        this.isNeeded = isNeeded;
        this.events = events;
    }

    /// Has all events reported from the return of this on, until it is released.
    synchronized void hold() {
        if (registration == null) {
            // On a thread that nobody interrupts: the registration waits until events of threads
            // are reported, unless interrupted, and each signal to a client interrupts its thread.
            registration = CompletableFuture.supplyAsync(this::register, STARTER).join();
        }
        holders++;
    }

    private ServiceRegistration<TaskWatcher> register() {
        String[] names = Arrays.stream(events).map(TaskEvent::name).toArray(String[]::new);
        return context.registerService(
                TaskWatcher.class,
                watcher,
                FrameworkUtil.asDictionary(
                        Map.of(WatchTask.WATCH_TASK, names, WatchTask.THREADS, isOfThreads)));
    }

    /// Releases one hold. If the watcher is needed by now it stays.
    synchronized void release() {
        holders--;
    }

    /// Unregisters the watcher if it is not needed.
    synchronized void trim() {
        if (registration != null && holders == 0 && !isNeeded.getAsBoolean()) {
            registration.unregister();
            registration = null;
        }
    }
}
