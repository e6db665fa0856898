// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.source;

import org.jspecify.annotations.Nullable;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/// Bounds how often a source wakes the pump. For the pump thread only, but for [#wake].
///
/// What costs is not to read a message but to be woken for each, and the forking process pays for
/// waking its listener too. So each wake has a price, the time until it is paid off: wakes beyond
/// some saved ones wait for that, and what has happened meanwhile is read together. Rare events are
/// read at once, and so are the first some hundred of many. Where nobody is in a hurry, each wake is followed
/// by a pause.
public final class Pace {
    private static final long NANOS_PER_SECOND = TimeUnit.SECONDS.toNanos(1);
    private static final long SAVED_NANOS = 2 * NANOS_PER_SECOND; // the price of so many wakes

    private static final long SLACK_NANOS = TimeUnit.MILLISECONDS.toNanos(Demand.SLACK_MILLIS);

    /// Details that vanish with a short process are worth being woken for.
    private static final int HURRIED_RATE = 8_000;

    private static final long HURRY_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

    private final long priceNanos;
    private final long hurriedPriceNanos;
    private long paidNanos = System.nanoTime(); // when all wakes so far are paid off
    private long hurryEndNanos = paidNanos;
    private boolean isRelaxed;
    private boolean hasCome; // since the last pause

    // Written by the pump thread, read by who wakes it.
    private volatile @Nullable Thread pump;

    /// Makes one that has saved some wakes.
    ///
    /// @param rate how many wakes in a second there may be for long
    public Pace(int rate) {
        priceNanos = NANOS_PER_SECOND / rate;
        hurriedPriceNanos = NANOS_PER_SECOND / Math.max(rate, HURRIED_RATE);
    }

    /// Takes note of what is wanted.
    ///
    /// @param demand says whether anybody is in a hurry
    public void demand(Demand demand) {
        isRelaxed = demand.hurried().isEmpty() && !demand.isUrgent();
    }

    /// Pauses if more wakes than saved are not paid off, and after each wake if nobody is in a hurry.
    public void park() {
        if (pump == null) {
            pump = Thread.currentThread();
        }
        long early = paidNanos - SAVED_NANOS - System.nanoTime();
        if (isRelaxed && hasCome) {
            LockSupport.parkNanos(SLACK_NANOS);
        } else if (early > 0) {
            LockSupport.parkNanos(Math.min(early, priceNanos));
        }
        hasCome = false;
    }

    /// Ends the present pause, or the next one. For any thread.
    public void wake() {
        LockSupport.unpark(pump);
    }

    /// Takes note of a wake.
    ///
    /// @param isHurried whether programs were executed and details of them are asked for, which are
    ///     gone after a pause: the next ones are likely to follow
    public void woken(boolean isHurried) {
        hasCome = true;
        long now = System.nanoTime();
        if (isHurried) {
            hurryEndNanos = now + HURRY_NANOS;
        }
        boolean isHurry = now - hurryEndNanos < 0;
        paidNanos = Math.max(paidNanos, now) + (isHurry ? hurriedPriceNanos : priceNanos);
    }
}
