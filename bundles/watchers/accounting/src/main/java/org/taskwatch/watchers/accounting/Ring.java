// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.watchers.accounting;

import org.jspecify.annotations.Nullable;
import org.taskwatch.api.TaskNotification;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;

/// The records that wait to be written, in a buffer that never grows. Those who put are one at a time; one
/// thread takes. Neither waits for the other: a record is put before `put` counts it, and its place is used
/// again only when `taken` has counted it.
final class Ring {
    private final ByteBuffer bytes;
    private final int capacity;
    private final AtomicLong put = new AtomicLong();
    private final AtomicLong taken = new AtomicLong();
    private final AtomicLong lost = new AtomicLong();
    private final AtomicReference<@Nullable Instant> lostSince = new AtomicReference<>();

    /// @param capacity how many records there can be
    Ring(int capacity) {
        this.capacity = capacity;
        bytes = ByteBuffer.allocateDirect(capacity * AcctRecord.BYTES);
        bytes.order(
                ByteOrder.nativeOrder()); // of the copies that are made to take, it doesn't matter
    }

    /// Puts the record of an end, or counts it as lost if there is no room.
    void put(TaskNotification end, boolean isForked) {
        long number = put.get();
        if (number - taken.get() == capacity) {
            lose(1);
        } else {
            AcctRecord.put(bytes, at(number), end, isForked);
            put.set(number + 1);
        }
    }

    private int at(long number) {
        return (int) (number % capacity) * AcctRecord.BYTES;
    }

    /// {@return the oldest records, as far as they lie in one piece}
    ByteBuffer waiting() {
        int at = at(taken.get());
        int length = Math.min(size() * AcctRecord.BYTES, bytes.capacity() - at);
        return bytes.slice(at, length);
    }

    /// The oldest records were written.
    void take(int records) {
        taken.addAndGet(records);
    }

    /// Counts records that will not be written.
    void lose(int records) {
        lostSince.compareAndSet(null, Instant.now());
        lost.addAndGet(records);
    }

    int size() {
        return (int) (put.get() - taken.get());
    }

    long lost() {
        return lost.get();
    }

    /// {@return when the first was lost} To be asked after [#lost].
    @Nullable Instant lostSince() {
        return lostSince.get();
    }
}
