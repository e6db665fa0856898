// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.core;

import org.jspecify.annotations.Nullable;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceReference;
import org.osgi.util.tracker.ServiceTrackerCustomizer;
import org.taskwatch.api.CallInfo;
import org.taskwatch.api.TaskWatcher;
import org.taskwatch.api.UnloadException;

import java.lang.System.Logger.Level;
import java.util.concurrent.atomic.AtomicReference;

/// Turns services that come and go into offers to the registry. Called by the framework in the
/// threads that register and unregister; while [#removedService] waits, so does the stopping of the
/// bundle.
final class Whiteboard implements ServiceTrackerCustomizer<TaskWatcher, Whiteboard.Tracked> {
    private static final System.Logger LOG = System.getLogger(Whiteboard.class.getName());

    private final BundleContext context;
    private final Registry registry;

    Whiteboard(BundleContext context, Registry registry) {
        this.context = context;
        this.registry = registry;
    }

    /// A watcher service that is in use.
    static final class Tracked {
        private final TaskWatcher watcher;

        /// What the registry was offered, null if nothing or it was withdrawn. Atomic, because the
        /// framework may tell of a change of the properties and of the removal at the same time.
        private final AtomicReference<@Nullable Offer> offered = new AtomicReference<>();

        private Tracked(TaskWatcher watcher) {
            this.watcher = watcher;
        }
    }

    @Override
    public @Nullable Tracked addingService(ServiceReference<TaskWatcher> reference) {
        TaskWatcher watcher = context.getService(reference);
        if (watcher == null) {
            LOG.log(
                    Level.WARNING,
                    "watcher {0} is not called: its object could not be made, see the log before",
                    name(reference));
            return null;
        }
        Tracked tracked = new Tracked(watcher);
        offer(reference, tracked);
        return tracked;
    }

    @Override
    public void modifiedService(ServiceReference<TaskWatcher> reference, Tracked tracked) {
        withdraw(tracked);
        offer(reference, tracked);
    }

    @Override
    public void removedService(ServiceReference<TaskWatcher> reference, Tracked tracked) {
        withdraw(tracked);
        context.ungetService(reference);
    }

    private void offer(ServiceReference<TaskWatcher> reference, Tracked tracked) {
        try {
            Offer offer = Offer.of(reference, tracked.watcher);
            tracked.offered.set(offer);
            registry.offer(offer);
        } catch (IllegalArgumentException e) {
            LOG.log(
                    Level.WARNING,
                    "watcher {0} is not called: {1}",
                    name(reference),
                    e.getMessage());
        }
    }

    private void withdraw(Tracked tracked) {
        Offer offer = tracked.offered.getAndSet(null);
        if (offer == null) {
            return;
        }
        try {
            registry.withdraw(offer);
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
