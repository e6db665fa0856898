// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.core.call;

import java.util.concurrent.atomic.AtomicLong;

/// The epochs of one publisher of lists: each list that it publishes begins the next one. They
/// rise, and no two lists have the same. Used under the lock of the publisher, except
/// [#isBetween].
///
/// Threads announce an epoch and not the list itself, see [Callers]: a number keeps nothing
/// alive, and the garbage collector takes no part in storing it.
public final class Epochs {
    private static final int PUBLISHER_BITS = 24;
    private static final long PUBLISHER = (1L << PUBLISHER_BITS) - 1;
    private static final AtomicLong PUBLISHERS = new AtomicLong();

    /// From 1, and from 0 again after very many: two publishers with the same number only wait for
    /// each other's rounds without need.
    private final long publisher = PUBLISHERS.incrementAndGet() & PUBLISHER;

    private long count;

    /// Makes those of another publisher, before its first list.
    public Epochs() {}

    /// Begins the next epoch.
    ///
    /// @return it, the number of the list that is published next
    public long next() {
        count++;
        return last();
    }

    /// {@return the last epoch that was begun}
    long last() {
        return count << PUBLISHER_BITS | publisher;
    }

    /// {@return the epoch after another one of the same publisher}
    static long next(long epoch) {
        return epoch + (1L << PUBLISHER_BITS);
    }

    /// {@return whether an epoch is one of these, after the first and not after the last}
    boolean isBetween(long epoch, long after, long last) {
        return (epoch & PUBLISHER) == publisher && after < epoch && epoch <= last;
    }
}
