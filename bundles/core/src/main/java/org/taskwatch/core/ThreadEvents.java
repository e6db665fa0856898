// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.core;

import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/// Whether the events of threads are reported, and the wait until they are.
///
/// **Why no watcher misses them.** A registration first publishes that threads are wanted, and then
/// asks, under the lock, whether they are left out. Leaving them out is one step under the lock: it
/// asks whether they are wanted, and notes that they are left out only if not. So either that step
/// comes first, and the registration waits; or it comes later, and finds them wanted.
final class ThreadEvents {
    private static final System.Logger LOG = System.getLogger(ThreadEvents.class.getName());
    private static final long MOST_MILLIS = 1_000;

    /// Guarded by this.
    private boolean areLeftOut;

    /// Leaves them out, unless they are wanted.
    ///
    /// @return whether they are left out now
    synchronized boolean leaveOut(BooleanSupplier areWanted) {
        areLeftOut = !areWanted.getAsBoolean();
        notifyAll();
        return areLeftOut;
    }

    /// They are reported from now on.
    synchronized void tell() {
        areLeftOut = false;
        notifyAll();
    }

    /// Waits until they are reported, for a second at most: the thread that should do it may hang.
    synchronized void awaitTold() {
        long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(MOST_MILLIS);
        try {
            while (areLeftOut) {
                long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
                if (left <= 0) {
                    LOG.log(
                            System.Logger.Level.WARNING,
                            "events of threads are not told yet, {0} ms after a watcher of them was"
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
