// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.core;

import org.jspecify.annotations.Nullable;
import org.taskwatch.api.Loss;
import org.taskwatch.api.TaskNotification;
import org.taskwatch.api.tool.ModuleInfo.LaneInfo;

import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// The bounded queue of one module. It outlives a revision of the module's bundle: without a
/// [Deliverer] it goes on filling, and the next one begins where the last one ended.
///
/// Putting never waits: when the lane is full, by number or by bytes, the notification is lost for
/// this module, and one [Loss] takes the place of all that were lost in a row.
///
/// An entry belongs to the deliverer that has taken it, until that asks for the next one: so each
/// is delivered by one revision, never by two.
final class Lane {
    /// After so many entries without a wait as long as the pause it is a storm: others will follow.
    private static final int STORM_ROW = 16;

    private static final long STORM_PAUSE_MILLIS = 1;
    private static final long STORM_PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(STORM_PAUSE_MILLIS);

    /// What an entry costs in bytes besides its details: the notification (56), its place here, and
    /// a share of the task, which it keeps after its end.
    static final int ENTRY_BYTES = 128;

    private final String module;
    private final int capacity;
    private final long mostBytes;
    private final LaneMemory memory;

    /// [TaskNotification], [Loss], [Joined] and [Existing], in the order in which they are told.
    /// Guarded by this.
    private LaneQueue queue = new LaneQueue();

    /// How many bytes it has of its own, and with those taken from the shared memory. What waits may
    /// not be more, except for [#join]. Guarded by this.
    private final long ownBytes;

    private long grantedBytes;

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

    /// Makes an open lane from which nobody takes.
    ///
    /// @param memory what it shares with all lanes
    Lane(String module, Limits limits, LaneMemory memory) {
        this.module = module;
        this.capacity = limits.laneCapacity();
        this.mostBytes = limits.laneBytes();
        this.memory = memory;
        this.ownBytes = Math.min(LaneMemory.STEP, mostBytes);
        this.grantedBytes = ownBytes;
    }

    /// {@return what a notification costs on a lane, in bytes} To be asked without a lock: details may
    /// be those of a foreign bundle.
    static int bytes(TaskNotification notification) {
        int details = notification.details().heapBytes();
        return Math.clamp((long) ENTRY_BYTES + details, ENTRY_BYTES, Integer.MAX_VALUE);
    }

    /// Puts a notification at the end, or counts it as lost if the lane is full.
    ///
    /// @param bytes what it costs, see [#bytes]
    synchronized void put(TaskNotification notification, int bytes) {
        if (closed) {
            return;
        }
        if (!hasRoom(bytes)) {
            miss(1, null);
            lost++;
            lostSince = lostSince == null ? notification.time() : lostSince;
            return;
        }
        if (missed > 0) {
            append(missedLoss(), ENTRY_BYTES);
            forgetMissed();
        }
        append(notification, bytes);
    }

    /// Puts a loss that happened elsewhere at the end; if the lane is full, it becomes part of the
    /// next loss reported here.
    synchronized void put(Loss loss) {
        if (closed) {
            return;
        }
        if (hasRoom(ENTRY_BYTES)) {
            append(loss, ENTRY_BYTES);
        } else {
            miss(loss.count(), loss.since());
        }
    }

    /// Puts what a joining watcher is to be told first. None of it is lost, however much it is: as
    /// many entries as the machine has tasks, once. It counts, so the stream behind it may be lost;
    /// but not its details, which are those that the table has.
    synchronized void join(Watcher watcher, List<TaskNotification> existing) {
        if (closed) {
            return;
        }
        append(new Joined(watcher), ENTRY_BYTES);
        existing.forEach(n -> append(new Existing(watcher, n), ENTRY_BYTES));
        long over = queue.bytes() - grantedBytes;
        if (over > 0) {
            memory.takeAnyway(over);
            grantedBytes += over;
        }
    }

    private boolean hasRoom(int bytes) {
        long needed = queue.bytes() + bytes;
        return queue.size() < capacity && (needed <= grantedBytes || grant(needed));
    }

    private boolean grant(long needed) {
        long steps = Math.ceilDiv(needed - grantedBytes, LaneMemory.STEP) * LaneMemory.STEP;
        long more = Math.min(steps, mostBytes - grantedBytes);
        if (needed > grantedBytes + more || !memory.take(more)) {
            return false;
        }
        grantedBytes += more;
        return true;
    }

    /// Gives memory back that is not needed, but for a step: so a lane that goes up and down by less
    /// leaves the shared memory alone.
    private void giveBack() {
        if (grantedBytes - queue.bytes() > 2 * LaneMemory.STEP) {
            giveBackDownTo(grantedBytes - LaneMemory.STEP);
        }
    }

    private void giveBackDownTo(long bytes) {
        long less = grantedBytes - Math.max(bytes, ownBytes);
        if (less > 0) {
            grantedBytes -= less;
            memory.give(less);
        }
    }

    private void append(Object entry, int bytes) {
        queue.add(entry, bytes);
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

    /// {@return what was missed} To be forgotten once it can't fail any more to be told.
    private Loss missedLoss() {
        return new Loss(
                missed,
                Loss.Place.LANE,
                "the lane of module %s was full (%d events, %d bytes, or %d on all lanes)"
                        .formatted(module, capacity, mostBytes, memory.total()),
                missedSince == null ? Instant.now() : missedSince);
    }

    private void forgetMissed() {
        missed = 0;
        missedSince = null;
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
            lostSince = queue.peek() instanceof TaskNotification n ? n.time() : Instant.now();
        }
        lost += dropped;
        closed = true;
        deliverer = null;
        queue = new LaneQueue();
        giveBackDownTo(0);
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
            giveBack();
            if (entry == null && missed > 0) {
                entry = missedLoss();
                forgetMissed();
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
        if (!isStorm) {
            giveBackDownTo(0);
        }
        long start = System.nanoTime();
        isAwaited = !isStorm;
        try {
            wait(isStorm ? STORM_PAUSE_MILLIS : 0);
        } catch (InterruptedException _) {
            // meant for a call of a watcher that has ended by now
        }
        boolean isQuiet =
                isStorm ? queue.size() == 0 : System.nanoTime() - start >= STORM_PAUSE_NANOS;
        row = isQuiet ? 0 : row;
    }
}
