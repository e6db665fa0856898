// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.core;

import org.osgi.annotation.bundle.Capability;
import org.osgi.annotation.bundle.Header;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleActivator;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.Constants;
import org.osgi.framework.ServiceReference;
import org.osgi.framework.wiring.BundleWiring;
import org.osgi.util.tracker.ServiceTracker;
import org.taskwatch.api.spi.Interest;
import org.taskwatch.api.spi.TaskFilters;
import org.taskwatch.api.spi.TaskNotifier;
import org.taskwatch.api.tool.Counters;
import org.taskwatch.api.tool.Modules;
import org.taskwatch.api.tool.TaskTable;
import org.taskwatch.core.call.Callers;
import org.taskwatch.core.call.Clock;
import org.taskwatch.core.call.Watchdog;
import org.taskwatch.core.filter.TaskFilter;

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
        Callers callers = new Callers(new Clock(timer::after));
        SyncCalls syncCalls = open(new SyncCalls(limits.syncDeadline()));
        Snapshots snapshots = new Snapshots();
        Published published = new Published(table);
        Drain drain = new Drain(callers, limits);
        Bundle framework = context.getBundle(Constants.SYSTEM_BUNDLE_ID);
        Registry registry =
                new Registry(
                        published,
                        callers,
                        drain,
                        limits,
                        timer,
                        snapshots,
                        () -> framework.getState() == Bundle.STOPPING);
        followTables(context, snapshots);
        opened.push(registry::expectNobody); // when all modules are unregistered
        open(new Whiteboard(context, registry)).open();
        context.registerService(Interest.class, published.interest(), null);
        context.registerService(TaskFilters.class, TaskFilter::matcher, null);
        Watchdog watchdog = new Watchdog(callers, timer::after, limits.syncDeadline());
        Asker asker = new Asker(registry, published, callers, watchdog, limits);
        TaskNotifier notifier =
                new Notifier(registry, published, callers, syncCalls, asker, limits);
        context.registerService(TaskNotifier.class, notifier, null);
        open(Tracing.open(context, callers, registry));
        Modules modules = new ModulesView(registry, published, callers);
        context.registerService(Modules.class, modules, null);
        context.registerService(Counters.class, new CoreCounters(modules, registry.memory()), null);
    }

    private void followTables(BundleContext context, Snapshots snapshots) {
        ServiceTracker<TaskTable, TaskTable> tables =
                new ServiceTracker<>(context, TaskTable.class, null) {
                    @Override
                    public TaskTable addingService(ServiceReference<TaskTable> reference) {
                        TaskTable table = super.addingService(reference);
                        snapshots.table(table);
                        return table;
                    }

                    @Override
                    public void removedService(
                            ServiceReference<TaskTable> reference, TaskTable table) {
                        snapshots.noTable();
                        super.removedService(reference, table);
                    }
                };
        tables.open();
        opened.push(tables::close);
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
