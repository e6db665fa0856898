// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.core;

import org.jspecify.annotations.NullUnmarked;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.osgi.service.event.Event;
import org.osgi.service.event.EventAdmin;
import org.osgi.service.event.EventConstants;
import org.osgi.service.event.EventHandler;
import org.taskwatch.api.Delivery;
import org.taskwatch.api.TaskWatcher;

import java.util.Dictionary;
import java.util.Hashtable;
import java.util.Map;
import java.util.concurrent.Semaphore;

/// Notifications that are only queued: what one costs the notifying thread, in bursts that no queue
/// overflows at. Between two bursts, not measured, all are delivered. What is allocated is counted
/// for all threads, so with the delivery.
@NullUnmarked // JMH fills in the fields
@State(Scope.Benchmark)
public class QueueBenchmark {
    private static final int BURST = 1_000;
    private static final String LAST = "org/taskwatch/LAST";

    /// How many watchers there are.
    @Param({"0", "1", "8", "64"})
    int watchers;

    private final Semaphore delivered = new Semaphore(0);
    private Felix felix;
    private Fixture core;
    private EventAdmin admin;

    /// Made by JMH.
    public QueueBenchmark() {}

    /// Loads the watchers.
    @Setup
    public void load() {
        felix = new Felix();
        admin = felix.eventAdmin();
        core = Fixture.modules(felix, Delivery.QUEUED, Watchers.of(watchers));
        for (TaskWatcher watcher : Watchers.of(watchers)) {
            Handler.register(felix.context(), watcher);
        }
        Dictionary<String, Object> properties = new Hashtable<>();
        properties.put(EventConstants.EVENT_TOPIC, LAST);
        EventHandler last = _ -> delivered.release();
        felix.context().registerService(EventHandler.class, last, properties);
    }

    /// Waits until what was queued is delivered.
    ///
    /// @throws InterruptedException if the benchmark is ended
    @TearDown(Level.Invocation)
    public void drain() throws InterruptedException {
        core.drain();
        admin.postEvent(new Event(LAST, Map.of()));
        delivered.acquire();
    }

    /// Stops the framework.
    @TearDown
    public void stop() {
        felix.close();
    }

    /// Modules of one QUEUED watcher each.
    ///
    /// @param event the event
    @Benchmark
    @OperationsPerInvocation(BURST)
    public void queued(NotifyBenchmark.Event event) {
        for (int i = 0; i < BURST; i++) {
            core.notifier.notify(event.notification);
        }
    }

    /// Felix EventAdmin, which has one queue for all.
    ///
    /// @param event the event
    @Benchmark
    @OperationsPerInvocation(BURST)
    public void eventAdminPost(NotifyBenchmark.Event event) {
        for (int i = 0; i < BURST; i++) {
            admin.postEvent(Handler.event(event.notification));
        }
    }
}
