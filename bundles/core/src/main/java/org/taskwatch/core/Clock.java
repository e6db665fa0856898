// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.core;

/// The time of [System#nanoTime], as it was at the last tick.
///
/// A call notes when it began; reading the real clock for that would cost several times what the
/// call itself does. To tell how long a call lasts, the length of a tick is exact enough.
final class Clock {
    /// How often [#tick] is to be called.
    static final long TICK_MILLIS = 50;

    /// Written by the timer of the core, read by all: a cache line that is written twenty times a
    /// second costs its readers nothing.
    private volatile long nanos = System.nanoTime();

    long nanos() {
        return nanos;
    }

    void tick() {
        nanos = System.nanoTime();
    }
}
