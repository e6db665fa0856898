// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.kmonitor;

import org.taskwatch.api.TaskNotification;

import java.time.Instant;
import java.util.concurrent.TimeUnit;

/// What one monitor wants to be told of one target. Guarded by the lock of [Registrations].
final class Registration {
    /// The clock that dates events is compared with the clock of the day ten times a second; in
    /// between it may go wrong by this much.
    private static final long SKEW_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

    /// An event that is reported later than this after the registration has happened after it,
    /// whatever the clock of the day says: that may have been set back.
    private static final long LAG_NANOS = TimeUnit.SECONDS.toNanos(2);

    private final Monitor monitor;
    private final long sinceNanos = System.nanoTime();
    private long sinceEpochNanos;
    private int mask;
    private int signal;

    private Registration(Monitor monitor, int mask, int signal, long sinceEpochNanos) {
        this.monitor = monitor;
        this.mask = mask;
        this.signal = signal;
        this.sinceEpochNanos = sinceEpochNanos;
    }

    /// {@return a registration that begins now}
    ///
    /// @param since the time of the call that asks for it
    static Registration of(Monitor monitor, int mask, int signal, Instant since) {
        long epochNanos = TaskNotification.epochNanos(since);
        return new Registration(monitor, mask, signal, epochNanos - SKEW_NANOS);
    }

    /// {@return the same for a child of the target, from its birth on}
    Registration inherited() {
        return new Registration(monitor, mask, signal, Long.MIN_VALUE);
    }

    Monitor monitor() {
        return monitor;
    }

    int mask() {
        return mask;
    }

    int signal() {
        return signal;
    }

    /// Adds the events of another, and takes its signal. All are reported from the earlier
    /// beginning of the two: so an event that is under way may be told to a monitor that has asked
    /// a moment after it.
    void add(Registration other) {
        mask |= other.mask;
        signal = other.signal;
        sinceEpochNanos = Math.min(sinceEpochNanos, other.sinceEpochNanos);
    }

    /// Drops some events.
    ///
    /// @return whether any event is left
    boolean clear(int type) {
        mask &= ~type;
        return (mask & Bit.EVENTS) != 0;
    }

    boolean wantsThreads() {
        return (mask & Bit.THREADS) != 0;
    }

    /// {@return whether an event has happened since the registration, or may have}
    boolean covers(TaskNotification event) {
        return event.epochNanos() >= sinceEpochNanos || System.nanoTime() - sinceNanos > LAG_NANOS;
    }
}
