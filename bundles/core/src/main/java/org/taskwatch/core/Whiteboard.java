// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.core;

import com.google.errorprone.annotations.concurrent.GuardedBy;

import org.jspecify.annotations.Nullable;
import org.osgi.framework.BundleContext;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.ServiceEvent;
import org.osgi.framework.ServiceListener;
import org.osgi.framework.ServiceReference;
import org.taskwatch.api.TaskWatcher;
import org.taskwatch.api.tool.CallInfo;
import org.taskwatch.api.tool.UnloadException;

import java.lang.System.Logger.Level;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.WeakHashMap;

/// Adds services that come to the registry, and removes those that go. Called by the framework in the
/// threads that register and unregister; a removal that waits holds up the stopping of the bundle.
///
/// Not a ServiceTracker, because that lets an unregistration return while another thread is still
/// adding or changing the service. Here each removal marks the service first, and waits itself.
final class Whiteboard implements ServiceListener, AutoCloseable {
    private static final System.Logger LOG = System.getLogger(Whiteboard.class.getName());
    private static final String FILTER = "(objectClass=" + TaskWatcher.class.getName() + ")";

    private final BundleContext context;
    private final Registry registry;

    /// The services that the framework has reported, until they are collected: one whose removal is
    /// reported before its registration has been handled must not be added then. Guarded by itself.
    private final Map<ServiceReference<?>, Tracked> tracked =
            Collections.synchronizedMap(new WeakHashMap<>());

    Whiteboard(BundleContext context, Registry registry) {
        this.context = context;
        this.registry = registry;
    }

    /// What is known of one service. It may be locked before the registry, and is never locked while a
    /// call is waited for.
    private static final class Tracked {
        @GuardedBy("this")
        private @Nullable TaskWatcher watcher;

        /// What was added last, also while and after it is removed.
        @GuardedBy("this")
        private @Nullable WatcherService added;

        @GuardedBy("this")
        private boolean isRemoved;
    }

    /// Begins to listen, and takes in the services that are there.
    void open() {
        try {
            context.addServiceListener(this, FILTER);
            List.copyOf(context.getServiceReferences(TaskWatcher.class, null)).forEach(this::added);
        } catch (InvalidSyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    /// Takes out all services.
    @Override
    public void close() {
        context.removeServiceListener(this);
        List<ServiceReference<?>> all;
        synchronized (tracked) {
            all = List.copyOf(tracked.keySet());
        }
        all.forEach(this::removed);
    }

    @Override
    @SuppressWarnings("unchecked") // by the filter
    public void serviceChanged(ServiceEvent event) {
        ServiceReference<TaskWatcher> reference =
                (ServiceReference<TaskWatcher>) event.getServiceReference();
        switch (event.getType()) {
            case ServiceEvent.REGISTERED -> added(reference);
            case ServiceEvent.MODIFIED -> modified(reference);
            default -> removed(reference);
        }
    }

    private Tracked track(ServiceReference<?> reference) {
        return tracked.computeIfAbsent(reference, _ -> new Tracked());
    }

    private void added(ServiceReference<TaskWatcher> reference) {
        TaskWatcher watcher = context.getService(reference);
        if (watcher == null) {
            LOG.log(
                    Level.WARNING,
                    "watcher {0} is not called: its object could not be made, see the log before",
                    name(reference));
            return;
        }
        Tracked service = track(reference);
        synchronized (service) {
            if (service.watcher == null && !service.isRemoved) {
                service.watcher = watcher;
                service.added = add(reference, watcher);
                return;
            }
        }
        context.ungetService(reference); // it was added already, or is gone by now
    }

    /// The properties have changed: the watcher is taken out, and in again with what they say now.
    private void modified(ServiceReference<TaskWatcher> reference) {
        Tracked service = track(reference);
        WatcherService old;
        synchronized (service) {
            old = service.added;
        }
        if (old != null) {
            remove(old);
        }
        boolean isNew;
        synchronized (service) {
            TaskWatcher watcher = service.watcher;
            isNew = watcher == null && !service.isRemoved;
            if (watcher != null && !service.isRemoved) {
                service.added = add(reference, watcher);
            }
        }
        if (isNew) {
            added(reference); // its object could not be made before
        }
    }

    private void removed(ServiceReference<?> reference) {
        Tracked service = track(reference);
        WatcherService last;
        boolean isHeld;
        synchronized (service) {
            service.isRemoved = true;
            last = service.added;
            isHeld = service.watcher != null;
        }
        if (last != null) {
            remove(last);
        }
        synchronized (service) {
            service.watcher = null;
            service.added = null;
        }
        if (isHeld) {
            context.ungetService(reference);
        }
    }

    private @Nullable WatcherService add(
            ServiceReference<TaskWatcher> reference, TaskWatcher watcher) {
        try {
            WatcherService service = WatcherService.of(reference, watcher);
            registry.add(service);
            return service;
        } catch (IllegalArgumentException e) {
            LOG.log(
                    Level.WARNING,
                    "watcher {0} is not called: {1}",
                    name(reference),
                    e.getMessage());
            return null;
        }
    }

    private void remove(WatcherService service) {
        try {
            registry.remove(service);
        } catch (UnloadException e) {
            LOG.log(Level.ERROR, e.getMessage() + stacks(e));
        }
    }

    private static String stacks(UnloadException e) {
        StringBuilder text = new StringBuilder();
        for (CallInfo call : e.calls()) {
            text.append("\n\tthread \"")
                    .append(call.thread())
                    .append("\" in ")
                    .append(call.watcher());
            call.stack().forEach(frame -> text.append("\n\t\tat ").append(frame));
        }
        return text.toString();
    }

    private static String name(ServiceReference<TaskWatcher> reference) {
        Object component = reference.getProperty("component.name");
        return (component == null ? reference.toString() : component)
                + " of bundle "
                + reference.getBundle();
    }
}
