// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.core;

import java.util.concurrent.atomic.AtomicLong;

/// The numbers of the lists of watchers that one publisher makes, the registry or a
/// [Deliverer]: they rise, and no two lists have the same. Used under the lock of the registry,
/// except [#isBetween].
///
/// Threads announce such a number and not the list itself, see [Callers]: a number keeps nothing
/// alive, and the garbage collector takes no part in storing it.
final class Editions {
    private static final int PUBLISHER_BITS = 24;
    private static final long PUBLISHER = (1L << PUBLISHER_BITS) - 1;
    private static final AtomicLong PUBLISHERS = new AtomicLong();

    /// From 1, and from 0 again after very many: two publishers with the same number only wait for
    /// each other's rounds without need.
    private final long publisher = PUBLISHERS.incrementAndGet() & PUBLISHER;

    private long count;

    /// {@return the number of the next list}
    long next() {
        count++;
        return last();
    }

    /// {@return the number of the last list}
    long last() {
        return count << PUBLISHER_BITS | publisher;
    }

    /// {@return the number of the list after another one of the same publisher}
    static long next(long edition) {
        return edition + (1L << PUBLISHER_BITS);
    }

    /// {@return whether a number is one of these, of a list after the first and not after the last}
    boolean isBetween(long edition, long after, long last) {
        return (edition & PUBLISHER) == publisher && after < edition && edition <= last;
    }
}
