// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.core;

import org.jspecify.annotations.Nullable;
import org.taskwatch.api.Loss;
import org.taskwatch.api.ModuleInfo.LaneInfo;
import org.taskwatch.api.TaskNotification;

import java.time.Instant;
import java.util.ArrayDeque;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// The bounded queue of one module. It outlives a revision of the module's bundle: without a
/// [Deliverer] it goes on filling, and the next one begins where the last one ended.
///
/// Putting never waits: when the lane is full, the notification is lost for this module, and one
/// [Loss] takes the place of all that were lost in a row.
///
/// An entry belongs to the deliverer that has taken it, until that asks for the next one: so each
/// is delivered by one revision, never by two.
final class Lane {
    /// After so many entries without a wait as long as the pause it is a storm: others will follow.
    private static final int STORM_ROW = 16;

    private static final long STORM_PAUSE_MILLIS = 1;
    private static final long STORM_PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(STORM_PAUSE_MILLIS);

    private final String module;
    private final int capacity;

    /// [TaskNotification], [Loss], [Joined] and [Existing], in the order in which they are told.
    /// Guarded by this.
    private final ArrayDeque<Object> queue = new ArrayDeque<>();

    /// The deliverer that takes, null while the module is away. Guarded by this.
    private @Nullable Deliverer deliverer;

    /// How many were lost since the last entry, and when the first of them was. Guarded by this.
    private long missed;

    private @Nullable Instant missedSince;

    /// How many were lost in all, since when, and the most that ever waited. Guarded by this.
    private long lost;

    private @Nullable Instant lostSince;

    private int highWater;

    /// Whether the deliverer waits to be woken by the next entry. Guarded by this.
    private boolean isAwaited;

    /// How many entries were taken without a long wait between. Guarded by this.
    private int row;

    /// Guarded by this.
    private boolean closed;

    /// From here on the watcher has joined the stream.
    record Joined(Watcher watcher) {}

    /// A task that was there when a watcher joined, for this watcher alone.
    record Existing(Watcher watcher, TaskNotification notification) {}

    Lane(String module, int capacity) {
        this.module = module;
        this.capacity = capacity;
    }

    /// Puts a notification at the end, or counts it as lost if the lane is full.
    synchronized void put(TaskNotification notification) {
        if (closed) {
            return;
        }
        if (queue.size() >= capacity) {
            miss(1, null);
            lost++;
            lostSince = lostSince == null ? notification.time() : lostSince;
            return;
        }
        if (missed > 0) {
            append(takeMissed());
        }
        append(notification);
    }

    /// Puts a loss that happened elsewhere at the end; if the lane is full, it becomes part of the
    /// next loss reported here.
    synchronized void put(Loss loss) {
        if (closed) {
            return;
        }
        if (queue.size() >= capacity) {
            miss(loss.count(), loss.since());
        } else {
            append(loss);
        }
    }

    /// Puts what a joining watcher is to be told first. None of it is lost, however much it is: as
    /// many entries as the machine has tasks, once.
    synchronized void join(Watcher watcher, List<TaskNotification> existing) {
        if (!closed) {
            append(new Joined(watcher));
            existing.forEach(notification -> append(new Existing(watcher, notification)));
        }
    }

    private void append(Object entry) {
        queue.add(entry);
        highWater = Math.max(highWater, queue.size());
        if (isAwaited) {
            isAwaited = false;
            notifyAll();
        }
    }

    private void miss(long count, @Nullable Instant since) {
        missed += count;
        if (missedSince == null) {
            missedSince = since == null ? Instant.now() : since;
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

    /// Lets a deliverer take from now on.
    synchronized void attach(Deliverer next) {
        deliverer = next;
    }

    /// Lets a deliverer take no more. It may still deliver the entry that it has.
    synchronized void detach(Deliverer former) {
        if (deliverer == former) {
            deliverer = null;
            notifyAll();
        }
    }

    /// Ends the lane for ever. What waits on it is lost, and counted so.
    ///
    /// @return how many entries are dropped
    synchronized int close() {
        int dropped = queue.size();
        if (lostSince == null && dropped > 0) {
            lostSince = queue.element() instanceof TaskNotification n ? n.time() : Instant.now();
        }
        lost += dropped;
        closed = true;
        deliverer = null;
        queue.clear();
        notifyAll();
        return dropped;
    }

    synchronized LaneInfo info() {
        return new LaneInfo(queue.size(), capacity, highWater, lost, lostSince);
    }

    /// Waits for the next entry. A deliverer that asks is done with the one before.
    ///
    /// @return it, null if this deliverer is to take no more
    synchronized @Nullable Object take(Deliverer taker) {
        taker.isBusy = false;
        while (deliverer == taker) {
            Object entry = queue.poll();
            if (entry == null && missed > 0) {
                entry = takeMissed();
            }
            if (entry != null) {
                taker.isBusy = true;
                row++;
                return entry;
            }
            pause();
        }
        return null;
    }

    /// Waits for the next entry, or in a storm of entries for a while: a wake-up for each would
    /// cost more than handling it, above all for the thread that puts.
    private void pause() {
        boolean isStorm = row >= STORM_ROW;
        long start = System.nanoTime();
        isAwaited = !isStorm;
        try {
            wait(isStorm ? STORM_PAUSE_MILLIS : 0);
        } catch (InterruptedException _) {
            // meant for a call of a watcher that has ended by now
        }
        boolean isQuiet =
                isStorm ? queue.isEmpty() : System.nanoTime() - start >= STORM_PAUSE_NANOS;
        row = isQuiet ? 0 : row;
    }
}
