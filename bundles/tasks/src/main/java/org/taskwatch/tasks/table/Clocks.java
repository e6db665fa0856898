// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.tasks.table;

import org.jspecify.annotations.Nullable;
import org.taskwatch.api.TaskNotification;

import java.time.Instant;
import java.time.InstantSource;

/// What the clocks of this machine are apart. Records have times of CLOCK_MONOTONIC, starts of tasks are
/// of CLOCK_BOOTTIME, and watchers are told the time of day. For the pump thread only.
public final class Clocks {
    // Reading both clocks takes 100 ns. If the thread is preempted in between it takes longer, and
    // the result is less exact.
    private static final long QUICK_NANOS = 2_000;
    private static final int TRIES = 5;

    private final InstantSource clock;
    private boolean isDayKnown; // since the last receive was begun
    private @Nullable Runnable whenFirst;
    private long epochOffset; // realtime minus CLOCK_MONOTONIC
    private long bootOffset; // CLOCK_BOOTTIME minus CLOCK_MONOTONIC

    /// Makes one.
    ///
    /// @param clock the time of day
    public Clocks(InstantSource clock) {
        this.clock = clock;
    }

    /// A source is about to be read. The clock of the day may be set at any time, also while that
    /// waits: it is looked at again for the first that is reported then.
    ///
    /// @param whenFirst is run when that first is dated; null if nothing is to be
    public void beginReceive(@Nullable Runnable whenFirst) {
        isDayKnown = false;
        this.whenFirst = whenFirst;
    }

    /// {@return a time of CLOCK_MONOTONIC in nanoseconds since 1970}
    ///
    /// @param nanos the time
    public long epochNanos(long nanos) {
        if (!isDayKnown) {
            measureDay();
            isDayKnown = true;
            if (whenFirst != null) {
                whenFirst.run();
            }
        }
        return nanos + epochOffset;
    }

    /// {@return a time of CLOCK_MONOTONIC by CLOCK_BOOTTIME}
    long bootNanos(long nanos) {
        return nanos + bootOffset;
    }

    /// {@return a time of CLOCK_BOOTTIME in nanoseconds since 1970}
    long bootEpochNanos(long bootNanos) {
        return epochNanos(bootNanos - bootOffset);
    }

    /// Sets how long the machine has slept.
    void bootOffset(long nanos) {
        bootOffset = nanos;
    }

    // The quickest of some tries counts.
    private void measureDay() {
        long quickest = Long.MAX_VALUE;
        for (int i = 0; i < TRIES && quickest > QUICK_NANOS; i++) {
            long before = System.nanoTime();
            Instant now = clock.instant();
            long elapsed = System.nanoTime() - before;
            if (elapsed < quickest) {
                quickest = elapsed;
                epochOffset = TaskNotification.epochNanos(now) - before - elapsed / 2;
            }
        }
    }
}
