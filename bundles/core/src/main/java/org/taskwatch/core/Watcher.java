// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.core;

import org.jspecify.annotations.Nullable;
import org.taskwatch.api.Delivery;
import org.taskwatch.api.Loss;
import org.taskwatch.api.TaskEvent;
import org.taskwatch.api.TaskNotification;
import org.taskwatch.api.TaskWatcher;
import org.taskwatch.api.Verdict;
import org.taskwatch.api.tool.WatcherInfo;
import org.taskwatch.core.call.Callee;
import org.taskwatch.core.call.Epochs;
import org.taskwatch.core.filter.TaskFilter;

import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;

/// A watcher that is being called: a member of the static table, or one registration of a
/// [WatcherService]. A module that is registered again, or resumed, gets new ones, so that a wait for the
/// old ones is not held up by calls of the new.
final class Watcher extends Callee {
    /// Called when a watcher has passed a limit.
    interface LimitPassed {
        /// Takes the watcher out of use.
        ///
        /// @param reason which limit, for a person to read
        void suspend(Watcher watcher, String reason);
    }

    private final TaskWatcher target;
    private final String module;
    private final @Nullable WatcherService service;
    private final Subscription subscription;
    private final @Nullable TaskFilter filter; // that of the subscription
    private final LimitPassed limitPassed;
    private final int mostFaults;

    /// Why it is suspended, empty if it is not. Written once, under the lock of the registry.
    private volatile String suspended = "";

    /// Whether it wants the tasks that existed before, and they have not been put on its lane yet.
    private final AtomicBoolean needsSnapshot;

    /// Whether its point in the stream is reached. Used by the thread of its deliverer.
    private boolean joined;

    /// Whether the last call that ended was a fault. Not volatile, for speed: calls that end at the
    /// same time on several threads have no known order.
    private boolean isFailing;

    private final Faults faults = new Faults();

    private Watcher(
            TaskWatcher target,
            String module,
            @Nullable WatcherService service,
            Subscription subscription,
            int mostFaults,
            LimitPassed limitPassed,
            Epochs epochs) {
        super(epochs);
        this.target = target;
        this.module = module;
        this.service = service;
        this.subscription = subscription;
        this.filter = subscription.filter();
        this.needsSnapshot = new AtomicBoolean(service != null && service.existing());
        this.joined = !needsSnapshot.get();
        this.mostFaults = mostFaults;
        this.limitPassed = limitPassed;
    }

    /// {@return a watcher of the static table; it has no limits}
    static Watcher linked(TaskWatcher target, String module, Subscription subscription) {
        return new Watcher(target, module, null, subscription, 0, (_, _) -> {}, new Epochs());
    }

    /// {@return a registration of a service}
    ///
    /// @param mostFaults how many faults in a row suspend it, 0 if no number does
    /// @param epochs those of the lists that it will be in
    static Watcher registered(
            WatcherService service,
            String module,
            int mostFaults,
            LimitPassed passed,
            Epochs epochs) {
        return new Watcher(
                service.watcher(),
                module,
                service,
                service.subscription(),
                mostFaults,
                passed,
                epochs);
    }

    Subscription subscription() {
        return subscription;
    }

    boolean watches(TaskEvent event) {
        return subscription.watches(event);
    }

    /// {@return whether it is told of the task of an event}
    boolean wants(TaskNotification notification) {
        return filter == null || filter.matches(notification);
    }

    boolean isQueued() {
        return service != null && service.delivery() == Delivery.QUEUED;
    }

    /// {@return whether this is a registration of that service}
    boolean isOf(WatcherService other) {
        return service == other;
    }

    /// Closes it, with the reason to be shown.
    void suspend(String reason) {
        suspended = reason;
        close();
    }

    /// {@return whether it was closed for having passed a limit}
    boolean isSuspended() {
        return !suspended.isEmpty();
    }

    /// From here on it is told the stream. Called by the thread of its deliverer.
    void join() {
        joined = true;
    }

    /// {@return whether the tasks that exist must still be put on its lane}
    boolean needsSnapshot() {
        return needsSnapshot.get();
    }

    /// {@return as [#needsSnapshot], once: the caller then puts them there}
    boolean claimSnapshot() {
        return needsSnapshot.getAndSet(false);
    }

    /// {@return whether it is told the stream} Called by the thread of its deliverer.
    boolean hasJoined() {
        return joined;
    }

    /// Calls the watcher.
    ///
    /// @return its verdict; [Verdict#ALLOW] if it threw or gave none
    @SuppressWarnings("NullAway") // a foreign watcher may return null whatever it promises
    Verdict call(TaskNotification notification) {
        try {
            Verdict verdict = target.notify(notification);
            return verdict == Verdict.ALLOW && !isFailing ? verdict : ended(verdict);
        } catch (Throwable t) {
            fault(t);
            return Verdict.ALLOW;
        }
    }

    private Verdict ended(@Nullable Verdict verdict) {
        if (verdict == null) {
            fault("returned null instead of a verdict", null);
            return Verdict.ALLOW;
        }
        if (isFailing) {
            isFailing = false;
            faults.succeeded();
        }
        return verdict;
    }

    /// Tells the watcher of a loss, as [#call] tells it of an event.
    void tell(Loss loss) {
        try {
            target.lost(loss);
        } catch (Throwable t) {
            fault(t);
        }
    }

    private void fault(Throwable t) {
        if (t instanceof InterruptedException && !isOpen()) {
            return; // the unload has interrupted the call: that is how it should end
        }
        String text = text(t);
        boolean isTellable = !text.isEmpty();
        fault("threw " + (isTellable ? text : t.getClass().getName()), isTellable ? t : null);
        if (t instanceof VirtualMachineError error && !(t instanceof StackOverflowError)) {
            throw error;
        }
    }

    /// {@return what a throwable says, empty if even that throws}
    private static String text(Throwable t) {
        try {
            return t.toString();
        } catch (Throwable _) {
            return "";
        }
    }

    private void fault(String what, @Nullable Throwable t) {
        isFailing = true;
        int inARow = faults.add(this, what, t);
        if (inARow == mostFaults) {
            limitPassed.suspend(this, inARow + " faults in a row, the last: " + what);
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

    long faults() {
        return faults.count();
    }

    WatcherInfo info() {
        return new WatcherInfo(
                name(),
                module,
                service == null,
                Set.copyOf(subscription.events()),
                Set.copyOf(subscription.captures()),
                subscription.threads(),
                filter == null ? "" : filter.toString(),
                subscription.relaxed(),
                isQueued() ? Delivery.QUEUED : Delivery.SYNC,
                service == null ? 0 : service.ranking(),
                service == null ? WatcherInfo.NOT_COUNTED : calls(),
                faults(),
                faults.last(),
                suspended);
    }
}
