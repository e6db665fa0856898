// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.core;

import org.jspecify.annotations.Nullable;
import org.taskwatch.api.Loss;
import org.taskwatch.api.TaskEvent;
import org.taskwatch.api.TaskNotification;
import org.taskwatch.api.spi.Uncaught;
import org.taskwatch.core.call.Caller;
import org.taskwatch.core.call.Callers;
import org.taskwatch.core.call.Epochs;

import java.util.Arrays;
import java.util.List;

/// Takes from the lane of a module, and calls the queued watchers of one registration of it, on a
/// thread of its own and with no lock held.
final class Deliverer {
    private final String module;
    private final Lane lane;
    private final Callers callers;

    private final Epochs epochs = new Epochs();

    /// The watchers to call. Written under the lock of the registry.
    private volatile Lists lists = new Lists(0, new Watcher[0][], new Watcher[0][], new Watcher[0]);

    /// Whether an entry is taken and not yet delivered. Written by this deliverer's thread, under
    /// the lock of the lane.
    volatile boolean isBusy;

    /// Null until started. Written under the lock of the registry.
    private volatile @Nullable Thread thread;

    Deliverer(String module, Lane lane, Callers callers) {
        this.module = module;
        this.lane = lane;
        this.callers = callers;
    }

    /// The open queued watchers.
    ///
    /// @param epoch their epoch, see [Callers]
    /// @param byEvent those of each event, by its ordinal
    /// @param byThreadEvent those of them that are told of threads
    /// @param all all of them
    private record Lists(
            long epoch, Watcher[][] byEvent, Watcher[][] byThreadEvent, Watcher[] all) {
        static Lists of(long epoch, List<Watcher> watchers) {
            List<Watcher> ofThreads =
                    watchers.stream().filter(w -> w.subscription().threads()).toList();
            return new Lists(
                    epoch, byEvent(watchers), byEvent(ofThreads), watchers.toArray(Watcher[]::new));
        }

        private static Watcher[][] byEvent(List<Watcher> watchers) {
            return Arrays.stream(TaskEvent.values())
                    .map(event -> watchers.stream().filter(w -> w.watches(event)))
                    .map(watching -> watching.toArray(Watcher[]::new))
                    .toArray(Watcher[][]::new);
        }

        Watcher[] recipients(Object entry) {
            if (!(entry instanceof TaskNotification notification)) {
                return all;
            }
            Watcher[][] lists = notification.task().isThread() ? byThreadEvent : byEvent;
            return lists[notification.event().ordinal()];
        }
    }

    /// {@return the epochs of its lists}
    Epochs epochs() {
        return epochs;
    }

    /// Sets the watchers to call. Called under the lock of the registry.
    void serve(List<Watcher> watchers) {
        lists =
                Lists.of(
                        epochs.next(),
                        watchers.stream().filter(w -> w.isQueued() && w.isOpen()).toList());
    }

    /// Begins to deliver, if it has not begun. Called under the lock of the registry.
    void start() {
        if (thread == null) {
            lane.attach(this);
            // No context class loader is inherited: it would keep a bundle that is gone.
            thread =
                    Thread.ofPlatform()
                            .name("taskwatch-lane-" + module)
                            .daemon()
                            .inheritInheritableThreadLocals(false)
                            .start(this::run);
        }
    }

    /// Takes no further entry.
    void stop() {
        lane.detach(this);
    }

    /// {@return whether no entry is being delivered, other than by this very thread}
    boolean isIdle() {
        return !isBusy || Thread.currentThread() == thread;
    }

    /// Delivers until it is to take no more, whatever a watcher throws, or fails here: nobody else
    /// would take from the lane.
    private void run() {
        boolean isOver = false;
        while (!isOver) {
            try {
                deliverAll();
                isOver = true;
            } catch (RuntimeException | Error e) {
                Uncaught.handle(e);
            }
        }
    }

    private void deliverAll() {
        Caller caller = callers.current();
        for (Object entry = lane.take(this); entry != null; entry = lane.take(this)) {
            try {
                deliver(caller, entry);
            } finally {
                Thread.interrupted(); // an unload may have interrupted a call that was just ending
            }
        }
    }

    private void deliver(Caller caller, Object entry) {
        switch (entry) {
            case TaskNotification notification -> round(caller, notification);
            case Lane.Existing existing -> round(caller, existing);
            case Lane.Joined joined -> joined.watcher().join();
            case Loss loss -> round(caller, loss);
            default -> throw new IllegalStateException("on a lane: " + entry);
        }
    }

    /// Calls the recipients of an entry, by the protocol of [Callers].
    private void round(Caller caller, Object entry) {
        Lists current = lists;
        Caller.Round round = caller.enter(current.epoch());
        try {
            tellAll(round, current.recipients(entry), entry);
        } finally {
            round.end();
        }
    }

    /// What gets out of a call of one watcher must not keep the entry from the others: it has left the
    /// lane, and nobody would count it as lost.
    private static void tellAll(Caller.Round round, Watcher[] watchers, Object entry) {
        for (Watcher watcher : watchers) {
            if (watcher.isRecipient(entry) && round.begin(watcher)) {
                try {
                    tell(watcher, entry);
                } catch (RuntimeException | Error e) {
                    Uncaught.handle(e);
                }
            }
        }
    }

    private static void tell(Watcher watcher, Object entry) {
        switch (entry) {
            case TaskNotification notification -> watcher.call(notification);
            case Lane.Existing existing -> watcher.call(existing.notification());
            default -> watcher.tell((Loss) entry);
        }
    }
}
