// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.source.connector;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/// Bounds how often the pump is woken. For the pump thread only.
///
/// What costs is not to read a message but to be woken for each, and the forking process pays for
/// waking its listener too. So each wake has a price, the time until it is paid off: wakes beyond
/// some saved ones wait for that, and what has happened meanwhile is read together. Rare events are
/// read at once, and so are the first some hundred of many.
final class Pace {
    private static final long NANOS_PER_SECOND = TimeUnit.SECONDS.toNanos(1);
    private static final long SAVED_NANOS = 2 * NANOS_PER_SECOND; // the price of so many wakes

    /// Details that vanish with a short process are worth being woken for.
    private static final int HURRIED_RATE = 8_000;

    private static final long HURRY_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

    private final long priceNanos;
    private final long hurriedPriceNanos;
    private long paidNanos = System.nanoTime(); // when all wakes so far are paid off
    private long hurryEndNanos = paidNanos;

    /// Makes one that has saved some wakes.
    ///
    /// @param rate how many wakes in a second there may be for long
    Pace(int rate) {
        priceNanos = NANOS_PER_SECOND / rate;
        hurriedPriceNanos = NANOS_PER_SECOND / Math.max(rate, HURRIED_RATE);
    }

    /// Pauses if more wakes than saved are not paid off.
    void park() {
        long early = paidNanos - SAVED_NANOS - System.nanoTime();
        if (early > 0) {
            LockSupport.parkNanos(Math.min(early, priceNanos));
        }
    }

    /// Takes note of a wake.
    ///
    /// @param isHurried whether programs were executed and details of them are asked for, which are
    ///     gone after a pause: the next ones are likely to follow
    void woken(boolean isHurried) {
        long now = System.nanoTime();
        if (isHurried) {
            hurryEndNanos = now + HURRY_NANOS;
        }
        boolean isHurry = now - hurryEndNanos < 0;
        paidNanos = Math.max(paidNanos, now) + (isHurry ? hurriedPriceNanos : priceNanos);
    }
}
