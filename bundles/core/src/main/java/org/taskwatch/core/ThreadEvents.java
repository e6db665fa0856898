// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.core;

import com.google.errorprone.annotations.concurrent.GuardedBy;

import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/// Whether the events of threads are on, that is reported, and the wait until they are.
///
/// **Why no watcher misses them.** A registration first publishes that threads are wanted, and then
/// asks, under the lock, whether they are off. Switching them off is one step under the lock: it
/// asks whether they are wanted, and notes that they are off only if not. So either that step
/// comes first, and the registration waits; or it comes later, and finds them wanted.
final class ThreadEvents {
    private static final System.Logger LOG = System.getLogger(ThreadEvents.class.getName());
    private static final long MOST_MILLIS = 1_000;

    @GuardedBy("this")
    private boolean areOff;

    /// Switches them off, unless they are wanted.
    ///
    /// @return whether they are off now
    synchronized boolean off(BooleanSupplier areWanted) {
        areOff = !areWanted.getAsBoolean();
        notifyAll();
        return areOff;
    }

    /// They are on from now on.
    synchronized void on() {
        areOff = false;
        notifyAll();
    }

    /// Waits until they are on, for a second at most: the thread that should do it may hang.
    synchronized void awaitOn() {
        long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(MOST_MILLIS);
        try {
            while (areOff) {
                long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
                if (left <= 0) {
                    LOG.log(
                            System.Logger.Level.WARNING,
                            "events of threads are not on yet, {0} ms after a watcher of them was"
                                    + " registered: it misses the first ones",
                            MOST_MILLIS);
                    return;
                }
                wait(left);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
