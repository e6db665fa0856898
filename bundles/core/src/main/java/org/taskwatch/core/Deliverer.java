// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.core;

import org.jspecify.annotations.Nullable;
import org.taskwatch.api.spi.Uncaught;
import org.taskwatch.core.call.Caller;
import org.taskwatch.core.call.Callers;
import org.taskwatch.core.call.Epochs;

import java.util.List;

/// Takes from the lane of a module, and calls the queued watchers of one registration of it, on a
/// thread of its own and with no lock held.
final class Deliverer {
    private final String module;
    private final Lane lane;
    private final Callers callers;

    private final Lane.Taker taker = new Lane.Taker();
    private final Epochs epochs = new Epochs();

    /// The watchers to call. Written under the lock of the registry.
    private volatile QueuedWatchers watchers = QueuedWatchers.NONE;

    /// Null until started. Written under the lock of the registry.
    private volatile @Nullable Thread thread;

    Deliverer(String module, Lane lane, Callers callers) {
        this.module = module;
        this.lane = lane;
        this.callers = callers;
    }

    /// {@return the epochs of its lists}
    Epochs epochs() {
        return epochs;
    }

    /// Sets the watchers to call. Called under the lock of the registry.
    void serve(List<Watcher> next) {
        watchers = QueuedWatchers.of(epochs.next(), next);
    }

    /// Begins to deliver, if it has not begun. Called under the lock of the registry.
    void start() {
        if (thread == null) {
            lane.attach(taker);
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
        lane.detach(taker);
    }

    /// {@return whether no entry is being delivered, other than by this very thread}
    boolean isIdle() {
        return !taker.isBusy() || Thread.currentThread() == thread;
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
        for (Object entry = lane.take(taker); entry != null; entry = lane.take(taker)) {
            try {
                if (!LaneEntry.join(entry)) {
                    round(caller, entry);
                }
            } finally {
                Thread.interrupted(); // an unload may have interrupted a call that was just ending
            }
        }
    }

    /// Tells an entry to those whom it is for, by the protocol of [Callers].
    private void round(Caller caller, Object entry) {
        QueuedWatchers current = watchers;
        Caller.Round round = caller.enter(current.epoch());
        try {
            tellAll(round, LaneEntry.candidates(entry, current), entry);
        } finally {
            round.end();
        }
    }

    /// What gets out of a call of one watcher must not keep the entry from the others: it has left the
    /// lane, and nobody would count it as lost.
    private static void tellAll(Caller.Round round, Watcher[] watchers, Object entry) {
        for (Watcher watcher : watchers) {
            if (LaneEntry.isFor(entry, watcher) && round.begin(watcher)) {
                try {
                    LaneEntry.tell(entry, watcher);
                } catch (RuntimeException | Error e) {
                    Uncaught.handle(e);
                }
            }
        }
    }
}
