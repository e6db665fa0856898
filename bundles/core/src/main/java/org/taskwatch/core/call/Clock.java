// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.core.call;

/// The time of [System#nanoTime], as it was up to [#STEP_MILLIS] ago.
///
/// A call notes when it began; reading the real clock for that would cost several times what the
/// call itself does. To tell how long a call lasts, a step is exact enough; and each end of a step is a wake of
/// the timer, while little else happens.
///
/// Who asks first reads the real clock, and what he reads holds for one step. So while nobody asks,
/// nothing runs. Two that ask first at the same time both read; the later step ends the earlier one.
public final class Clock {
    /// Does things later.
    @FunctionalInterface
    public interface Scheduler {
        /// Does something once.
        ///
        /// @param millis after how many milliseconds
        /// @param action what to do; it does not wait
        void after(long millis, Runnable action);
    }

    private static final long STEP_MILLIS = 500;
    private static final long NOT_READ = 0;

    private final Scheduler scheduler;

    /// Written at most twice a step, read by all: a cache line that is written so seldom costs its
    /// readers nothing.
    private volatile long nanos = NOT_READ;

    /// Makes one that was not read yet.
    ///
    /// @param scheduler ends the steps
    public Clock(Scheduler scheduler) {
        this.scheduler = scheduler;
    }

    long nanos() {
        long known = nanos;
        return known == NOT_READ ? read() : known;
    }

    private long read() {
        long now = System.nanoTime() | 1; // never NOT_READ
        nanos = now; // before the step begins: else its end might come first, and this hold for
        // ever
        boolean hasEnd = false;
        try {
            scheduler.after(STEP_MILLIS, () -> nanos = NOT_READ);
            hasEnd = true;
        } finally {
            if (!hasEnd) {
                nanos = NOT_READ; // as for want of memory or threads
            }
        }
        return now;
    }
}
