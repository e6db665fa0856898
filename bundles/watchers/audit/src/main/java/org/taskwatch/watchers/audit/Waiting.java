// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.watchers.audit;

import com.google.errorprone.annotations.concurrent.GuardedBy;

import org.jspecify.annotations.Nullable;
import org.taskwatch.api.Loss;
import org.taskwatch.api.TaskNotification;

import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/// The events that wait to be written. If there is no room for one, it is lost; the trail tells how many in
/// their place. Who puts waits for nothing but others who put, and the thread of the trail while it takes.
final class Waiting {
    static final int MOST_EVENTS = 65_536;

    private static final int MOST_BYTES = 32 << 20;
    private static final int BATCH_BYTES = 256 << 10;
    private static final long BATCH_MS = 100;

    private final int mostEvents;
    private final InstantSource clock;
    private final AtomicLong serial;

    @GuardedBy("this")
    private final Deque<String> queue = new ArrayDeque<>();

    /// Of these, and of those that are being written.
    @GuardedBy("this")
    private int events;

    @GuardedBy("this")
    private long bytes;

    /// How many were lost that the trail has not told, and since when.
    @GuardedBy("this")
    private long lost;

    @GuardedBy("this")
    private Instant lostSince = Instant.EPOCH;

    /// How many the trail tells of, and the log not yet: that is a file too, so the thread writes it.
    @GuardedBy("this")
    private long unlogged;

    @GuardedBy("this")
    private boolean isAsleep;

    @GuardedBy("this")
    private boolean isClosing;

    private final AtomicLong lostInAll = new AtomicLong();
    private volatile @Nullable Instant firstLost;
    private volatile boolean isFull;

    /// @param mostEvents how many there may be
    /// @param clock dates the records of losses
    /// @param serial numbers them
    Waiting(int mostEvents, InstantSource clock, AtomicLong serial) {
        this.mostEvents = mostEvents;
        this.clock = clock;
        this.serial = serial;
    }

    /// Puts the records of an event, or counts it as lost.
    synchronized void put(String records) {
        if (lost > 0 && hasRoom(records.length() + BATCH_BYTES)) {
            add(tellLost());
        }
        if (lost > 0 || !hasRoom(records.length())) {
            lose(1);
            return;
        }
        add(records);
        if (isAsleep) {
            isAsleep = false;
            notifyAll();
        }
    }

    @GuardedBy("this")
    private boolean hasRoom(int length) {
        return events < mostEvents && bytes + length <= MOST_BYTES;
    }

    @GuardedBy("this")
    private void add(String records) {
        queue.add(records);
        events++;
        bytes += records.length();
    }

    /// Counts events that will not be written.
    synchronized void lose(int count) {
        if (lost == 0) {
            lostSince = clock.instant();
            isFull = true;
            firstLost = firstLost == null ? lostSince : firstLost;
        }
        lost += count;
        lostInAll.addAndGet(count);
    }

    @GuardedBy("this")
    private String tellLost() {
        Loss loss = new Loss(lost, Loss.Place.READER, "the trail had no room", lostSince);
        unlogged += lost;
        lost = 0;
        isFull = false;
        long now = TaskNotification.epochNanos(clock.instant());
        return Records.lost(loss, now, serial.incrementAndGet());
    }

    /// {@return what is to be written next, nothing if none has come for some time; null at the end}
    ///
    /// @param idleMs for how long to wait, 0 for ever
    /// @param isFailing whether writing fails, so that nothing can be told at the end
    synchronized @Nullable List<String> take(long idleMs, boolean isFailing)
            throws InterruptedException {
        while (queue.isEmpty() && lost == 0 && !isClosing) {
            isAsleep = true;
            wait(idleMs);
            isAsleep = false;
            if (idleMs > 0 && queue.isEmpty() && !isClosing) {
                return List.of();
            }
        }
        if (!isClosing && bytes < BATCH_BYTES) {
            wait(BATCH_MS); // some come together
        }
        if (queue.isEmpty() && lost > 0 && !(isClosing && isFailing)) {
            add(tellLost());
        }
        List<String> batch = new ArrayList<>();
        for (int length = 0; !queue.isEmpty() && length < BATCH_BYTES; ) {
            String records = queue.remove();
            batch.add(records);
            length += records.length();
        }
        return batch.isEmpty() && isClosing ? null : batch;
    }

    /// What was taken makes room now.
    synchronized void done(int count, int length) {
        events -= count;
        bytes -= length;
    }

    /// Waits until it is time to try again.
    ///
    /// @return whether it is time to give up
    synchronized boolean pause(long millis) throws InterruptedException {
        if (!isClosing) {
            wait(millis);
        }
        return isClosing;
    }

    /// What waits is the last.
    synchronized void close() {
        isClosing = true;
        notifyAll();
    }

    /// {@return how many were lost that the log has not told}
    synchronized long unlogged() {
        long count = unlogged;
        unlogged = 0;
        return count;
    }

    synchronized int size() {
        return events;
    }

    /// {@return whether events are being lost}
    boolean isFull() {
        return isFull;
    }

    long lost() {
        return lostInAll.get();
    }

    /// {@return when the first was lost; null if none was}
    @Nullable Instant firstLost() {
        return firstLost;
    }
}
