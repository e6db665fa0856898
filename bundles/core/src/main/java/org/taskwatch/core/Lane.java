// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.core;

import org.jspecify.annotations.Nullable;
import org.taskwatch.api.Loss;
import org.taskwatch.api.ModuleInfo.LaneInfo;
import org.taskwatch.api.TaskEvent;
import org.taskwatch.api.TaskNotification;

import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.List;

/// The bounded queue of one module, and the thread that calls the module's queued watchers.
///
/// Whoever puts never waits: when the lane is full, the notification is lost for this module, and a
/// [Loss] is put in the place of all that were lost in a row. The queue holds one entry more than
/// its capacity, so that there is always room for that.
///
/// The thread begins with the first entry, and ends when the lane is closed. It calls watchers with
/// no lock held.
final class Lane {
    private final String module;
    private final int capacity;
    private final Callers callers;

    /// The watchers for each event, by its ordinal, and all of them: written under the lock of the
    /// registry, read by the thread of the lane.
    private volatile Watcher[][] byEvent = {};

    private volatile Watcher[] all = {};

    /// Notifications and losses in the order in which they are told. Guarded by this.
    private final ArrayDeque<Object> queue = new ArrayDeque<>();

    /// How many were lost since the last entry, and when the first of them. Guarded by this.
    private long missed;

    private @Nullable Instant missedSince;

    /// How many were lost in all. Guarded by this.
    private long lost;

    /// Guarded by this.
    private boolean started;

    /// Guarded by this.
    private boolean closed;

    Lane(String module, int capacity, Callers callers) {
        this.module = module;
        this.capacity = capacity;
        this.callers = callers;
    }

    /// Says whom the lane calls. Called under the lock of the registry.
    void serve(List<Watcher> watchers) {
        List<Watcher> queued = watchers.stream().filter(Watcher::isQueued).toList();
        byEvent =
                Arrays.stream(TaskEvent.values())
                        .map(e -> queued.stream().filter(w -> w.watches(e)).toArray(Watcher[]::new))
                        .toArray(Watcher[][]::new);
        all = queued.toArray(Watcher[]::new);
    }

    /// Puts a notification at the end, or counts it as lost if the lane is full.
    synchronized void put(TaskNotification notification) {
        if (queue.size() >= capacity) {
            missed++;
            lost++;
            if (missedSince == null) {
                missedSince = Instant.now();
            }
            return;
        }
        if (missed > 0) {
            append(takeMissed());
        }
        append(notification);
    }

    /// Puts word of a loss elsewhere at the end; if the lane is full, it becomes part of the next
    /// loss told here.
    synchronized void put(Loss loss) {
        if (all.length == 0) {
            return;
        }
        if (queue.size() >= capacity) {
            missed += loss.count();
            missedSince = missedSince == null ? loss.since() : missedSince;
        } else {
            append(loss);
        }
    }

    private void append(Object entry) {
        if (closed) {
            return;
        }
        queue.add(entry);
        if (!started) {
            started = true;
            Thread.ofPlatform()
                    .name("taskwatch-lane-" + module)
                    .daemon()
                    .inheritInheritableThreadLocals(false) // nor a context class loader
                    .start(this::run);
        } else if (queue.size() == 1) {
            notifyAll();
        }
    }

    private Loss takeMissed() {
        Instant since = missedSince == null ? Instant.now() : missedSince;
        Loss loss =
                new Loss(
                        missed,
                        Loss.Place.LANE,
                        "the lane of module %s was full (%d)".formatted(module, capacity),
                        since);
        missed = 0;
        missedSince = null;
        return loss;
    }

    /// Ends the lane: what waits on it is dropped, and its thread ends after the call it is in.
    ///
    /// @return how many notifications were dropped
    synchronized int close() {
        int dropped = queue.size();
        closed = true;
        queue.clear();
        notifyAll();
        return dropped;
    }

    synchronized LaneInfo info() {
        return new LaneInfo(queue.size(), all.length == 0 ? 0 : capacity, lost);
    }

    private void run() {
        Caller caller = callers.current();
        for (Object entry = take(); entry != null; entry = take()) {
            try {
                deliver(caller, entry);
            } catch (VirtualMachineError e) {
                Thread thread = Thread.currentThread();
                thread.getUncaughtExceptionHandler().uncaughtException(thread, e);
            }
        }
    }

    /// Waits for the next entry.
    ///
    /// @return it, null if the lane is closed
    private synchronized @Nullable Object take() {
        while (!closed) {
            if (!queue.isEmpty()) {
                return queue.poll();
            }
            if (missed > 0) {
                return takeMissed();
            }
            try {
                wait();
            } catch (InterruptedException _) {
                // meant for a call of a watcher that has ended by now
            }
        }
        return null;
    }

    private void deliver(Caller caller, Object entry) {
        for (Watcher watcher : recipients(entry)) {
            if (caller.enter(watcher)) {
                try {
                    tell(watcher, entry);
                } finally {
                    caller.exit();
                }
            }
        }
        Thread.interrupted(); // an unload may have interrupted a call that was just ending
    }

    private Watcher[] recipients(Object entry) {
        return entry instanceof TaskNotification notification
                ? byEvent[notification.event().ordinal()]
                : all;
    }

    private static void tell(Watcher watcher, Object entry) {
        if (entry instanceof TaskNotification notification) {
            watcher.call(notification);
        } else {
            watcher.tell((Loss) entry);
        }
    }
}
