// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.core;

import org.osgi.annotation.bundle.Capability;
import org.osgi.annotation.bundle.Header;
import org.osgi.framework.BundleActivator;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.Constants;
import org.osgi.framework.wiring.BundleWiring;
import org.osgi.util.tracker.ServiceTracker;
import org.taskwatch.api.spi.Interest;
import org.taskwatch.api.spi.TaskNotifier;
import org.taskwatch.api.tool.Counters;
import org.taskwatch.api.tool.Modules;
import org.taskwatch.api.tool.TaskTable;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/// Starts and stops the core. The static table is complete before the notifier can be found, so no
/// event can miss it.
@Header(name = Constants.BUNDLE_ACTIVATOR, value = "${@class}")
@Capability(namespace = "taskwatch.core", version = "1.0")
public final class Activator implements BundleActivator {
    /// What [#start] has opened, for [#stop]. The framework calls both under the bundle's lock.
    private final Deque<AutoCloseable> opened = new ArrayDeque<>();

    /// Made by the framework.
    public Activator() {}

    @Override
    public void start(BundleContext context) throws BundleException {
        List<Watcher> table = StaticTable.link(context.getBundle().adapt(BundleWiring.class));
        Limits limits = Limits.of(context::getProperty);
        Timer timer = open(new Timer());
        Callers callers = new Callers(new Clock(timer));
        Asker asker = open(new Asker(limits.syncDeadline()));
        Joins joins = new Joins();
        Registry registry =
                new Registry(table, callers, new Drain(callers, limits), limits, timer, joins);
        ServiceTracker<TaskTable, TaskTable> tables =
                new ServiceTracker<>(context, TaskTable.class, new TableTracking(context, joins));
        tables.open();
        opened.push(tables::close);
        open(new Whiteboard(context, registry)).open();
        context.registerService(Interest.class, new InterestView(registry), null);
        context.registerService(
                TaskNotifier.class, new Notifier(registry, callers, asker, limits), null);
        Modules modules = new ModulesView(registry, callers);
        context.registerService(Modules.class, modules, null);
        context.registerService(Counters.class, new CoreCounters(modules, registry.memory()), null);
    }

    private <T extends AutoCloseable> T open(T resource) {
        opened.push(resource);
        return resource;
    }

    @Override
    public void stop(BundleContext context) throws Exception {
        while (!opened.isEmpty()) {
            opened.pop().close();
        }
    }
}
