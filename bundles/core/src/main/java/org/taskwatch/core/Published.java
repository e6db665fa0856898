// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.core;

import org.taskwatch.api.TaskEvent;
import org.taskwatch.api.TaskNotification;
import org.taskwatch.core.call.Epochs;

import java.util.Collection;
import java.util.List;
import java.util.function.BooleanSupplier;

/// What the registry has published last, for those who notify: they read it without a lock. Nothing
/// of it is ever changed; all of it is replaced at each change, under the lock of the registry.
final class Published {
    private final List<Watcher> table;
    private final CurrentInterest interest = new CurrentInterest();
    private final Epochs epochs = new Epochs();

    private volatile List<Module> live = List.of();

    /// By the ordinal of the event. Written under the lock of this object as well.
    private volatile Targets[] targets = {};

    /// Publishes the static table, and no module.
    Published(List<Watcher> table) {
        this.table = table;
        publish(List.of(), List.of());
    }

    /// Publishes a change. Called under the lock of the registry.
    ///
    /// @param modules the live modules, in the order of their registration
    /// @param away the modules that are away
    void publish(List<Module> modules, Collection<AwayModule> away) {
        live = modules;
        // First what is to be read of the tasks, then who is told of it.
        interest.publish(InterestSnapshot.of(table, modules, away));
        Targets[] next = Targets.build(epochs.next(), table, modules, away);
        synchronized (this) {
            targets = next;
            notifyAll();
        }
    }

    /// Waits for the targets of an event after those that are known, and until no module is away that a
    /// question about it waits for. Called without a lock. An interrupt is taken for a sign that the wait may have to
    /// end, and is cleared.
    ///
    /// @param known the targets that are known
    /// @param goesOn false if the wait is to end; who makes it so interrupts this thread
    /// @return the last ones
    synchronized Targets awaitNext(
            Targets known, TaskNotification notification, BooleanSupplier goesOn) {
        Targets next = targets(notification);
        while ((next == known || next.away() != null) && goesOn.getAsBoolean()) {
            try {
                wait();
            } catch (InterruptedException _) {
                // as said
            }
            next = targets(notification);
        }
        return next;
    }

    /// {@return the targets of an event}
    Targets targets(TaskNotification notification) {
        return targets(notification.event()).of(notification.task());
    }

    /// {@return the targets of an event of a process}
    Targets targets(TaskEvent event) {
        return targets[event.ordinal()];
    }

    /// {@return the static table}
    List<Watcher> table() {
        return table;
    }

    /// {@return the live modules, in the order of their registration}
    List<Module> live() {
        return live;
    }

    /// {@return what all watchers ask for}
    CurrentInterest interest() {
        return interest;
    }

    /// {@return the epochs of the targets} Used under the lock of the registry.
    Epochs epochs() {
        return epochs;
    }
}
