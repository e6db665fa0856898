// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.core;

import java.util.concurrent.atomic.AtomicLong;

/// The memory that all lanes share. Each lane has a little of its own, so that what slow modules
/// leave waiting takes no other module's events away; beyond that it takes from here.
///
/// Lanes take and give back in large steps: the counter that all of them write is rarely touched.
/// Safe for all threads.
final class LaneMemory {
    /// What each lane has of its own, in bytes, and the step in which it takes more.
    static final long STEP = 1 << 20;

    private final long total;
    private final AtomicLong free;

    /// @param total how many bytes the lanes share
    LaneMemory(long total) {
        this.total = total;
        this.free = new AtomicLong(total);
    }

    /// {@return how many bytes the lanes share}
    long total() {
        return total;
    }

    /// {@return how many of them no lane has; below 0 while [#takeAnyway] has taken more}
    long free() {
        return free.get();
    }

    /// {@return whether so many bytes were there, and are the caller's now}
    boolean take(long bytes) {
        boolean isThere = free.get() >= bytes; // most often the whole answer while lanes are full
        if (isThere && free.addAndGet(-bytes) < 0) {
            give(bytes);
            isThere = false;
        }
        return isThere;
    }

    /// Takes so many bytes, whether they are there or not.
    void takeAnyway(long bytes) {
        free.addAndGet(-bytes);
    }

    /// Gives back what was taken.
    void give(long bytes) {
        free.addAndGet(bytes);
    }
}
