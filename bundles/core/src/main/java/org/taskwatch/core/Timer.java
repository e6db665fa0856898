// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.core;

import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/// Does things later, on the one timer thread of the core, which also makes the [Clock] tick. What it
/// does must be short.
final class Timer implements AutoCloseable {
    private final ScheduledThreadPoolExecutor executor =
            new ScheduledThreadPoolExecutor(
                    1, Thread.ofPlatform().daemon().name("taskwatch-timer").factory());

    Timer(Clock clock) {
        executor.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
        executor.scheduleAtFixedRate(
                clock::tick, Clock.TICK_MILLIS, Clock.TICK_MILLIS, TimeUnit.MILLISECONDS);
    }

    /// Does something once. Nothing is done any more after [#close].
    void after(long millis, Runnable action) {
        if (!executor.isShutdown()) {
            executor.schedule(action, millis, TimeUnit.MILLISECONDS);
        }
    }

    @Override
    public void close() {
        executor.shutdownNow();
    }
}
