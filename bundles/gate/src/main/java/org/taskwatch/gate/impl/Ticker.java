// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.gate.impl;

import org.taskwatch.api.spi.Uncaught;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongPredicate;

/// Looks after slow leaders every few milliseconds, as long as calls come. It goes on for half a second after the last
/// one, so that a call seldom has to wake it.
///
/// None is overlooked: who receives a call writes that it decides and then reads [#isTicking]; this
/// writes that it does not tick and then looks once more. All four are volatile, so one of the two sees what the other
/// has written.
final class Ticker {
    private static final long TICK_NANOS = TimeUnit.MILLISECONDS.toNanos(5);
    private static final int IDLE_TICKS = 100;

    private final LongPredicate look;
    private final Thread thread;
    private volatile boolean isTicking = true;
    private volatile boolean isEnded;

    /// Begins to tick.
    ///
    /// @param look is given the time, by [System#nanoTime], and returns whether there is something to look after
    Ticker(LongPredicate look) {
        this.look = look;
        thread = Thread.ofPlatform().daemon().name("taskwatch-gate-tick").start(this::run);
    }

    /// There is something to look after from now on. For any thread.
    void begin() {
        if (!isTicking) {
            isTicking = true;
            LockSupport.unpark(thread);
        }
    }

    /// Ends it.
    void end() {
        isEnded = true;
        LockSupport.unpark(thread);
    }

    private void run() {
        int idle = 0;
        while (!isEnded) {
            idle = look() ? 0 : idle + 1;
            if (idle < IDLE_TICKS) {
                LockSupport.parkNanos(TICK_NANOS);
            } else {
                isTicking = false;
                pause();
                isTicking = true;
                idle = 0;
            }
        }
    }

    private void pause() {
        if (!look()) {
            while (!isTicking && !isEnded) {
                LockSupport.park();
            }
        }
    }

    private boolean look() {
        try {
            return look.test(System.nanoTime());
        } catch (RuntimeException | Error e) {
            Uncaught.handle(e); // as if the system gives no thread: looks again
            return true;
        }
    }
}
