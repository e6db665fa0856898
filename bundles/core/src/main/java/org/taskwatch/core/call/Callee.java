// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.core.call;

import java.util.concurrent.atomic.AtomicLong;

/// What is called by many threads without a lock, and taken out of use while they do: the object
/// that [Callers] protects. It is open from the first, and closed once, for ever.
///
/// A class and not an interface, because the two fields that the protocol turns on, whether it is
/// open and the last epoch that it is in, are written here and nowhere else.
public abstract class Callee {
    private static final AtomicLong LAST_ID = new AtomicLong();

    private final long id = LAST_ID.incrementAndGet();
    private final CallCount calls = new CallCount();
    private final Epochs epochs;

    /// The last epoch before it, and the last that it may be in. Written under the lock of the
    /// publisher.
    private final long born;

    private volatile long retired = Long.MAX_VALUE;

    /// Whether calls may begin. Written once, from true to false, by [#close]; [Callers] says what it
    /// means for a thread to read true.
    private volatile boolean open = true;

    /// Makes an open one. It is in no list that was published before. Called under the lock of the
    /// publisher.
    ///
    /// @param epochs those of the lists that it will be in
    protected Callee(Epochs epochs) {
        this.epochs = epochs;
        this.born = epochs.last();
    }

    /// {@return whether calls may still begin}
    public final boolean isOpen() {
        return open;
    }

    /// Lets no further call begin. The caller waits for those in flight, see [Callers]. Called under
    /// the lock of the publisher; it must not be in a later list.
    public final void close() {
        if (open) {
            retired = epochs.last();
            open = false;
        }
    }

    /// {@return the epoch of the first list that it is in}
    public final long firstEpoch() {
        return Epochs.next(born);
    }

    /// {@return how many calls have begun; those that begin at the same time may be in it or not}
    public final long calls() {
        return calls.sum();
    }

    /// {@return how many calls one thread has begun}
    ///
    /// @param slot the slot of the [Caller] of that thread
    final long calls(int slot) {
        return calls.of(slot);
    }

    /// {@return whether it may be in the list of that epoch; false is certain}
    final boolean mayBeIn(long epoch) {
        return epochs.isBetween(epoch, born, retired);
    }

    /// {@return a number that no other one has}
    public final long id() {
        return id;
    }

    /// Counts a call that is about to begin.
    ///
    /// @param slot the slot of the [Caller] of this thread
    final void count(int slot) {
        calls.add(slot);
    }
}
