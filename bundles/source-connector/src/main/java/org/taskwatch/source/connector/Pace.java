// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.source.connector;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/// Lets events gather while they storm in, and answers at once when they are few.
///
/// The cost of a listener is not the reading of a message but being woken for each. A pause of 1 ms
/// in a storm divides it by four to ten, for the listener and for the forking processes, which have
/// to wake it. For the pump thread only.
final class Pace {
    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(1);
    private static final long WINDOW_NANOS = TimeUnit.MILLISECONDS.toNanos(2);
    private static final int STORM_EVENTS = 16; // in one window
    private static final int HURRIED_STORM_EVENTS = 64;

    private long windowStart = System.nanoTime();
    private int windowEvents;
    private boolean isWindowHurried;
    private boolean isStorm;

    /// Pauses if events storm in.
    void park() {
        if (isStorm) {
            LockSupport.parkNanos(PAUSE_NANOS);
        }
    }

    /// Takes note of events that were read.
    ///
    /// @param isHurried whether they are worth being woken for: programs were executed, and what they
    ///     are is asked for, which is gone after a pause
    void received(int events, boolean isHurried) {
        windowEvents += events;
        isWindowHurried |= isHurried;
        long now = System.nanoTime();
        long elapsed = now - windowStart;
        if (elapsed >= WINDOW_NANOS) {
            int most = isWindowHurried ? HURRIED_STORM_EVENTS : STORM_EVENTS;
            isStorm = windowEvents * WINDOW_NANOS > most * elapsed;
            windowStart = now;
            windowEvents = 0;
            isWindowHurried = false;
        }
    }
}
