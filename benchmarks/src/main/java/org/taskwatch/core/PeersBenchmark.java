// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.core;

import com.google.common.eventbus.EventBus;

import org.jspecify.annotations.NullUnmarked;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceReference;
import org.osgi.service.event.EventAdmin;
import org.taskwatch.api.TaskWatcher;

/// What else calls plugins that come and go, with the same watchers behind it; each returns when
/// they have been called.
@NullUnmarked // JMH fills in the fields
@State(Scope.Benchmark)
public class PeersBenchmark {
    /// How many watchers there are.
    @Param({"0", "1", "8", "64"})
    int watchers;

    private Felix felix;
    private BundleContext context;
    private EventAdmin admin;
    private EventBus bus;

    /// Made by JMH.
    public PeersBenchmark() {}

    /// Loads the watchers.
    ///
    /// @throws Exception what a watcher throws
    @Setup
    public void load() throws Exception {
        felix = new Felix();
        context = felix.context();
        admin = felix.eventAdmin();
        bus = new EventBus();
        for (TaskWatcher watcher : Watchers.of(watchers)) {
            context.registerService(TaskWatcher.class, watcher, null);
            Handler.register(context, watcher);
            bus.register(watcher);
        }
        NotifyBenchmark.Event event = new NotifyBenchmark.Event();
        eventAdminSend(event);
        event.check("EventAdmin", watchers);
        whiteboard(event);
        event.check("whiteboard", 2L * watchers);
        guavaEventBus(event);
        event.check("EventBus", 3L * watchers);
    }

    /// Stops the framework.
    @TearDown
    public void stop() {
        felix.close();
    }

    /// Felix EventAdmin, with an event made for each call, as it has to be.
    ///
    /// @param event the event
    @Benchmark
    public void eventAdminSend(NotifyBenchmark.Event event) {
        admin.sendEvent(Handler.event(event.notification));
    }

    /// Looks the services up in Felix for each event: the count of their users makes it safe.
    ///
    /// @param event the event
    /// @throws Exception what a watcher throws
    @Benchmark
    public void whiteboard(NotifyBenchmark.Event event) throws Exception {
        for (ServiceReference<TaskWatcher> reference :
                context.getServiceReferences(TaskWatcher.class, null)) {
            TaskWatcher watcher = context.getService(reference);
            if (watcher != null) {
                try {
                    watcher.notify(event.notification);
                } finally {
                    context.ungetService(reference);
                }
            }
        }
    }

    /// Guava, which finds the subscribers by the class of the event.
    ///
    /// @param event the event
    @Benchmark
    public void guavaEventBus(NotifyBenchmark.Event event) {
        bus.post(event.notification);
    }
}
