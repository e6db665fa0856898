// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.core;

import org.jspecify.annotations.Nullable;
import org.taskwatch.api.Delivery;
import org.taskwatch.api.Loss;
import org.taskwatch.api.TaskEvent;
import org.taskwatch.api.TaskNotification;
import org.taskwatch.api.TaskWatcher;
import org.taskwatch.api.Verdict;
import org.taskwatch.api.WatcherInfo;

import java.util.Set;
import java.util.concurrent.atomic.LongAdder;

/// A watcher that is being called: a member of the static table, or one registration of an offered
/// service. A module that is registered again gets new ones, so that whoever still waits for the
/// old ones is not held up by calls of the new.
final class Watcher {
    private final TaskWatcher target;
    private final String module;
    private final @Nullable Offer offer;
    private final Set<TaskEvent> events;
    private final Delivery delivery;

    /// Whether calls may begin. Written once, from true to false, by [#close]. Each call announces
    /// itself before it reads this; whoever closes reads the announcements afterwards. The argument
    /// stands at [Callers].
    private volatile boolean open = true;

    private final LongAdder calls = new LongAdder();
    private final Faults faults = new Faults();

    private Watcher(
            TaskWatcher target,
            String module,
            @Nullable Offer offer,
            Set<TaskEvent> events,
            Delivery delivery) {
        this.target = target;
        this.module = module;
        this.offer = offer;
        this.events = events;
        this.delivery = delivery;
    }

    /// {@return a watcher of the static table}
    static Watcher linked(
            TaskWatcher target, String module, Set<TaskEvent> events, Delivery delivery) {
        return new Watcher(target, module, null, events, delivery);
    }

    /// {@return a registration of an offered service}
    static Watcher registered(Offer offer, String module) {
        return new Watcher(offer.watcher(), module, offer, offer.events(), offer.delivery());
    }

    boolean watches(TaskEvent event) {
        return events.contains(event);
    }

    boolean isQueued() {
        return delivery == Delivery.QUEUED;
    }

    boolean isOpen() {
        return open;
    }

    /// {@return whether this is a registration of that offer}
    boolean isOf(Offer other) {
        return offer == other;
    }

    /// Lets no further call begin. The caller waits for those in flight.
    void close() {
        open = false;
    }

    /// Calls the watcher, without counting the call as in flight: for the static table, and inside
    /// a call that is counted.
    ///
    /// @return its verdict; [Verdict#ALLOW] if it threw or gave none
    @SuppressWarnings("NullAway") // a foreign watcher may return null whatever it promises
    Verdict call(TaskNotification notification) {
        calls.increment();
        try {
            Verdict verdict = target.notify(notification);
            if (verdict != null) {
                return verdict;
            }
            faults.add(this, "returned null instead of a verdict", null);
        } catch (Throwable t) {
            fault(t);
        }
        return Verdict.ALLOW;
    }

    /// Tells the watcher of a loss, as [#call] tells it of an event.
    void tell(Loss loss) {
        calls.increment();
        try {
            target.lost(loss);
        } catch (Throwable t) {
            fault(t);
        }
    }

    private void fault(Throwable t) {
        if (t instanceof InterruptedException && !open) {
            return; // the unload has interrupted the call: that is how it should end
        }
        faults.add(this, "threw " + t, t);
        if (t instanceof VirtualMachineError error && !(t instanceof StackOverflowError)) {
            throw error;
        }
    }

    /// {@return the name of the watcher's class}
    String name() {
        return target.getClass().getName();
    }

    /// {@return the symbolic name of the bundle it comes from}
    String module() {
        return module;
    }

    long calls() {
        return calls.sum();
    }

    long faults() {
        return faults.count();
    }

    WatcherInfo info() {
        return new WatcherInfo(
                name(),
                module,
                offer == null,
                Set.copyOf(events),
                delivery,
                offer == null ? 0 : offer.ranking(),
                calls(),
                faults(),
                faults.last());
    }
}
