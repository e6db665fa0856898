// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.core;

import org.jspecify.annotations.Nullable;
import org.osgi.annotation.bundle.Capability;
import org.osgi.annotation.bundle.Header;
import org.osgi.framework.BundleActivator;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.Constants;
import org.osgi.framework.wiring.BundleWiring;
import org.osgi.util.tracker.ServiceTracker;
import org.taskwatch.api.Modules;
import org.taskwatch.api.TaskNotifier;
import org.taskwatch.api.TaskWatcher;

import java.util.List;

/// Starts and stops the core. The static table is complete before the notifier can be found, so no
/// event can miss it.
@Header(name = Constants.BUNDLE_ACTIVATOR, value = "${@class}")
@Capability(namespace = "taskwatch.core", version = "1.0")
public final class Activator implements BundleActivator {
    /// Set by [#start], used by [#stop]; the framework calls both under the bundle's lock.
    private @Nullable ServiceTracker<TaskWatcher, Whiteboard.Tracked> tracker;

    /// Made by the framework.
    public Activator() {}

    @Override
    public void start(BundleContext context) throws BundleException {
        BundleWiring wiring = context.getBundle().adapt(BundleWiring.class);
        List<Watcher> table = StaticTable.link(wiring);
        Limits limits = Limits.of(context::getProperty);
        Callers callers = new Callers();
        Registry registry =
                new Registry(table, callers, new Drain(callers, limits), limits.laneCapacity());
        tracker =
                new ServiceTracker<>(context, TaskWatcher.class, new Whiteboard(context, registry));
        tracker.open();
        context.registerService(TaskNotifier.class, new Notifier(registry, callers), null);
        context.registerService(Modules.class, new ModulesView(registry, callers), null);
    }

    @Override
    public void stop(BundleContext context) {
        if (tracker != null) {
            tracker.close();
        }
    }
}
