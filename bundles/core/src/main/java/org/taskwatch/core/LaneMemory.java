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

    /// {@return how many of them no lane has; below 0 while [Share#takeAnyway] has taken more}
    long free() {
        return free.get();
    }

    /// {@return whether so many bytes were there, and are the caller's now}
    private boolean take(long bytes) {
        boolean isThere = free.get() >= bytes; // most often the whole answer while lanes are full
        if (isThere && free.addAndGet(-bytes) < 0) {
            free.addAndGet(bytes);
            isThere = false;
        }
        return isThere;
    }

    /// What one lane may use. Guarded by the lock of the lane.
    final class Share {
        private final long most;

        /// How many bytes it has of its own, and with those taken from the shared memory.
        private final long own;

        private long granted;

        /// @param most how many bytes the lane may use in all, but for [#takeAnyway]
        Share(long most) {
            this.most = most;
            this.own = Math.min(STEP, most);
            this.granted = own;
        }

        /// {@return how many bytes the lane may use in all}
        long most() {
            return most;
        }

        /// {@return whether the lane may use so many bytes in all; if it can, it takes what it lacks}
        boolean has(long needed) {
            return needed <= granted || grant(needed);
        }

        private boolean grant(long needed) {
            long steps = Math.ceilDiv(needed - granted, STEP) * STEP;
            long more = Math.min(steps, most - granted);
            if (needed > granted + more || !take(more)) {
                return false;
            }
            granted += more;
            return true;
        }

        /// Lets the lane use so many bytes in all, whether they are there or not.
        void takeAnyway(long needed) {
            long over = needed - granted;
            if (over > 0) {
                free.addAndGet(-over);
                granted += over;
            }
        }

        /// Gives back what is not needed, but for a step: so a lane that goes up and down by less
        /// leaves the shared memory alone.
        void shrink(long needed) {
            if (granted - needed > 2 * STEP) {
                shrinkTo(granted - STEP);
            }
        }

        /// Gives all back that is not the lane's own.
        void reset() {
            shrinkTo(0);
        }

        private void shrinkTo(long bytes) {
            long less = granted - Math.max(bytes, own);
            if (less > 0) {
                granted -= less;
                free.addAndGet(less);
            }
        }
    }
}
