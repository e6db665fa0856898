// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.core;

import jdk.jfr.FlightRecorder;
import jdk.jfr.FlightRecorderListener;

import org.jspecify.annotations.Nullable;
import org.osgi.framework.BundleContext;
import org.osgi.util.tracker.ServiceTracker;
import org.taskwatch.api.Loss;
import org.taskwatch.api.tool.Counter;
import org.taskwatch.api.tool.Counters;
import org.taskwatch.core.call.Callers;

import java.util.List;

/// What the core tells the JVM's flight recorder (`docs/tracing.md`).
///
/// The first use of a class of recorded events starts half of the recorder, a tenth of a second at least. So none
/// is touched before somebody has had a recorder made, and until then each place asks just for that.
final class Tracing implements FlightRecorderListener, AutoCloseable {
    private final SlowCalls slowCalls;
    private final ServiceTracker<Counters, Counters> counters;

    /// What is done periodically, once there is a recorder. Written before [#isClosed] is read.
    private volatile List<Runnable> hooks = List.of();

    /// Written before the hooks are read. So they are removed by at least one of the two.
    private volatile boolean isClosed;

    private Tracing(BundleContext context, Callers callers, Registry registry) {
        this.slowCalls = new SlowCalls(callers, registry);
        this.counters = new ServiceTracker<>(context, Counters.class, null);
    }

    /// Begins to tell a recorder, when there is one, what is looked at once in a period.
    ///
    /// @param context finds the counters of all bundles
    /// @param callers the threads that call
    /// @param registry has the modules whose watchers they call
    static Tracing open(BundleContext context, Callers callers, Registry registry) {
        Tracing tracing = new Tracing(context, callers, registry);
        FlightRecorder.addListener(tracing);
        return tracing;
    }

    /// Tells a loss.
    ///
    /// @param module whose lane it was; empty if it concerns all
    static void loss(String module, Loss loss) {
        if (FlightRecorder.isInitialized()) {
            new TracedLoss(module, loss).commit();
        }
    }

    /// {@return a wait that begins, to be committed at its end; null if nobody records}
    static @Nullable TracedDrain drain(String module) {
        if (!FlightRecorder.isInitialized()) {
            return null;
        }
        TracedDrain drain = new TracedDrain(module);
        drain.begin();
        return drain;
    }

    @Override
    public void recorderInitialized(FlightRecorder recorder) {
        FlightRecorder.register(TracedLoss.class); // takes longer than a lane should be locked
        FlightRecorder.register(TracedDrain.class);
        Runnable looking = this::lookForSlowCalls;
        Runnable reading = this::readCounters;
        FlightRecorder.addPeriodicEvent(TracedCall.class, looking);
        FlightRecorder.addPeriodicEvent(TracedCounter.class, reading);
        hooks = List.of(looking, reading);
        if (isClosed) {
            removeHooks();
        }
    }

    private void lookForSlowCalls() {
        slowCalls.look(
                System.nanoTime(),
                (call, caller, nanos) -> new TracedCall(call, caller, nanos).commit());
    }

    /// The services are kept: a component that nobody else holds would be made anew each time.
    private void readCounters() {
        counters.open();
        for (Counters service : counters.getServices(new Counters[0])) {
            try {
                for (Counter counter : service.counters()) {
                    new TracedCounter(counter).commit();
                }
            } catch (RuntimeException | LinkageError _) {
                // task:counters logs it; the others are worth recording
            }
        }
    }

    private void removeHooks() {
        hooks.forEach(FlightRecorder::removePeriodicEvent);
    }

    @Override
    public void close() {
        isClosed = true;
        FlightRecorder.removeListener(this);
        removeHooks();
        counters.close();
    }
}
