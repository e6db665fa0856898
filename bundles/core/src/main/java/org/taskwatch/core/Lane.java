// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.core;

import com.google.errorprone.annotations.concurrent.GuardedBy;

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
/// An entry belongs to the [Taker] that has taken it, until that asks for the next one: so each
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
    private final LaneMemory memory;

    /// [Entries][LaneEntry], in the order in which they are told.
    @GuardedBy("this")
    private LaneQueue queue = new LaneQueue();

    /// Who takes, null while the module is away.
    @GuardedBy("this")
    private @Nullable Taker taker;

    @GuardedBy("this")
    private final LaneLosses losses = new LaneLosses();

    /// What the entries that wait may take, but for those of [#join].
    @GuardedBy("this")
    private final LaneMemory.Share share;

    /// The most that ever waited.
    @GuardedBy("this")
    private int highWater;

    /// Whether the deliverer waits to be woken by the next entry.
    @GuardedBy("this")
    private boolean isAwaited;

    /// How many entries were taken without a long wait between.
    @GuardedBy("this")
    private int row;

    @GuardedBy("this")
    private boolean isClosed;

    /// One revision of the module, as it takes.
    static final class Taker {
        /// Whether an entry is taken and not yet delivered. Written under the lock of the lane.
        private volatile boolean isBusy;

        boolean isBusy() {
            return isBusy;
        }
    }

    /// Makes an open lane from which nobody takes.
    ///
    /// @param memory what it shares with all lanes
    Lane(String module, Limits limits, LaneMemory memory) {
        this.module = module;
        this.capacity = limits.laneCapacity();
        this.memory = memory;
        this.share = memory.new Share(limits.laneBytes());
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
        if (isClosed) {
            return;
        }
        if (!hasRoom(bytes)) {
            losses.add(notification.time());
            return;
        }
        if (losses.areUntold()) {
            Loss loss = untold();
            append(loss, ENTRY_BYTES);
            told(loss);
        }
        append(notification, bytes);
    }

    /// Puts a loss that happened elsewhere at the end; if the lane is full, it becomes part of the
    /// next loss reported here.
    synchronized void put(Loss loss) {
        if (isClosed) {
            return;
        }
        if (hasRoom(ENTRY_BYTES)) {
            append(loss, ENTRY_BYTES);
        } else {
            losses.add(loss);
        }
    }

    /// Puts what a joining watcher is to be told first. None of it is lost, however much it is: as
    /// many entries as the machine has tasks, once. It counts, so the stream behind it may be lost;
    /// but not its details, which are those that the table has.
    synchronized void join(Watcher watcher, List<TaskNotification> existing) {
        if (isClosed) {
            return;
        }
        append(new LaneEntry.Joined(watcher), ENTRY_BYTES);
        for (TaskNotification notification : existing) {
            append(new LaneEntry.Existing(watcher, notification), ENTRY_BYTES);
        }
        share.takeAnyway(queue.bytes());
    }

    @GuardedBy("this")
    private boolean hasRoom(int bytes) {
        return queue.size() < capacity && share.has(queue.bytes() + bytes);
    }

    @GuardedBy("this")
    private void append(Object entry, int bytes) {
        queue.add(entry, bytes);
        highWater = Math.max(highWater, queue.size());
        if (isAwaited) {
            isAwaited = false;
            notifyAll();
        }
    }

    @GuardedBy("this")
    private Loss untold() {
        return losses.untold(
                "the lane of module %s was full (%d events, %d bytes, or %d on all lanes)"
                        .formatted(module, capacity, share.most(), memory.total()));
    }

    @GuardedBy("this")
    private void told(Loss loss) {
        losses.told();
        Tracing.loss(module, loss);
    }

    /// Lets a revision of the module take from now on.
    synchronized void attach(Taker next) {
        taker = next;
    }

    /// Lets it take no more. It may still deliver the entry that it has.
    synchronized void detach(Taker former) {
        if (taker == former) {
            taker = null;
            notifyAll();
        }
    }

    /// Ends the lane for ever. What waits on it is lost, and counted so.
    ///
    /// @return how many entries are dropped
    synchronized int close() {
        int dropped = queue.size();
        Instant since = LaneEntry.time(queue.peek());
        losses.drop(dropped, since);
        traceEnd(dropped, since);
        isClosed = true;
        taker = null;
        queue = new LaneQueue();
        share.reset();
        notifyAll();
        return dropped;
    }

    /// What nobody will be told of any more.
    @GuardedBy("this")
    private void traceEnd(int dropped, @Nullable Instant since) {
        if (losses.areUntold()) {
            Tracing.loss(module, untold());
        }
        if (dropped > 0) {
            String why = "the lane of module %s was dropped".formatted(module);
            Instant first = since == null ? Instant.now() : since;
            Tracing.loss(module, new Loss(dropped, Loss.Place.LANE, why, first));
        }
    }

    synchronized LaneInfo info() {
        return new LaneInfo(queue.size(), capacity, highWater, losses.count(), losses.since());
    }

    /// Waits for the next entry. Who asks is done with the one before.
    ///
    /// @param asking who asks
    /// @return the entry, to be read by [LaneEntry]; null if it is to take no more
    synchronized @Nullable Object take(Taker asking) {
        asking.isBusy = false;
        while (taker == asking) {
            Object entry = queue.poll();
            share.shrink(queue.bytes());
            if (entry == null && losses.areUntold()) {
                Loss loss = untold();
                told(loss);
                entry = loss;
            }
            if (entry != null) {
                asking.isBusy = true;
                row++;
                return entry;
            }
            pause();
        }
        return null;
    }

    /// Waits for the next entry, or in a storm of entries for a while: a wake-up for each would
    /// cost more than handling it, above all for the thread that puts.
    @GuardedBy("this")
    private void pause() {
        boolean isStorm = row >= STORM_ROW;
        if (!isStorm) {
            share.reset();
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
