// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.locals;

import org.taskwatch.api.Task;

import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/// Drops the values of tasks whose FREE will not be told: it was lost, or it was told before the value was set. For
/// the thread of one lane.
///
/// Of a task that is gone the FREE may still wait on the lane. So those that are gone are listed first, and
/// dropped when an event is told that has happened [#MARGIN_NANOS] later: the lane keeps the order, and what was on it has
/// been told by then.
final class Sweep {
    /// With so few values, it is not looked whether there are too many.
    static final long FEW = 1_024;

    /// Some time after a task is shown as gone, its FREE is on the lane.
    static final long MARGIN_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final Values<?> values;
    private final LongSupplier epochNanos;

    private List<Task> gone = List.of();
    private long dueNanos;
    private long most = FEW;

    /// Whether FREEs were lost that the list does not know.
    private boolean isNeeded;

    /// @param epochNanos the time, as that of events
    Sweep(Values<?> values, LongSupplier epochNanos) {
        this.values = values;
        this.epochNanos = epochNanos;
    }

    /// Events were lost.
    void lost() {
        isNeeded = true;
        begin();
    }

    /// An event was told.
    ///
    /// @param nanos when it has happened
    void told(long nanos) {
        if (!gone.isEmpty() && nanos > dueNanos) {
            gone.forEach(values::remove);
            gone = List.of();
            most = Math.max(FEW, 2 * values.count());
        }
        if (isNeeded || values.count() > most) {
            begin();
        }
    }

    private void begin() {
        if (gone.isEmpty()) { // else that list has its turn first: losses in a row don't put it off
            isNeeded = false;
            gone = values.ofFreed();
            dueNanos = epochNanos.getAsLong() + MARGIN_NANOS;
            most = Math.max(FEW, 2 * values.count());
        }
    }
}
