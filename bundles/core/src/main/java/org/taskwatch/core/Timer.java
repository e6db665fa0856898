// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.core;

import org.taskwatch.api.spi.Uncaught;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/// Does things later, on the one timer thread of the core. What it does must be short.
class Timer implements AutoCloseable {
    private final ScheduledThreadPoolExecutor executor =
            new ScheduledThreadPoolExecutor(
                    1,
                    Thread.ofPlatform()
                            .daemon()
                            .inheritInheritableThreadLocals(false)
                            .name("taskwatch-timer")
                            .factory());

    Timer() {
        executor.setRemoveOnCancelPolicy(true);
    }

    /// Does something once, unless it is cancelled or the timer closed before.
    ///
    /// @return to cancel it
    Future<?> after(long millis, Runnable action) {
        return executor.isShutdown()
                ? CompletableFuture.completedFuture(null)
                : executor.schedule(() -> run(action), millis, TimeUnit.MILLISECONDS);
    }

    /// The executor would keep what an action throws to itself.
    private static void run(Runnable action) {
        try {
            action.run();
        } catch (RuntimeException | Error e) {
            Uncaught.handle(e);
        }
    }

    @Override
    public void close() {
        executor.shutdownNow();
    }
}
