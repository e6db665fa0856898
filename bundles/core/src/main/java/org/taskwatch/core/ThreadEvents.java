// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.core;

import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/// Whether the events of threads are told, and the wait until they are.
///
/// **Why no watcher misses them.** A registration publishes first that threads are wanted, and asks then,
/// under the lock, whether they are left out. Who leaves them out asks whether they are wanted and says
/// so in one step under the lock. So either that comes first, and the registration waits; or it comes
/// later, and finds them wanted.
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

    /// They are told from now on.
    synchronized void tell() {
        areLeftOut = false;
        notifyAll();
    }

    /// Waits until they are told, for a second at most: who should tell them may hang.
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
