// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.core;

import org.taskwatch.api.Verdict;
import org.taskwatch.api.spi.Uncaught;

import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

/// Calls SYNC watchers under a deadline, on a thread other than the notifier's, because no thread
/// can leave a call that it is in. A late call goes on, and is in flight until it ends.
final class SyncCalls implements AutoCloseable {
    private final Duration deadline;
    private final ExecutorService threads =
            Executors.newCachedThreadPool(
                    Thread.ofPlatform()
                            .daemon()
                            .inheritInheritableThreadLocals(false)
                            .name("taskwatch-sync-", 0)
                            .factory());

    SyncCalls(Duration deadline) {
        this.deadline = deadline;
    }

    /// Makes a call, and waits for it. An interrupt of the notifier does not end the wait, and is
    /// still set afterwards.
    ///
    /// @param call the call, made on another thread
    /// @param late what to do, and to answer, if the call has not ended at the deadline; its thread
    ///     is interrupted then
    /// @return the answer of one of the two
    Verdict call(Supplier<Verdict> call, Supplier<Verdict> late) {
        Future<Verdict> answer = threads.submit(() -> answer(call));
        long end = System.nanoTime() + deadline.toNanos();
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    return answer.get(end - System.nanoTime(), TimeUnit.NANOSECONDS);
                } catch (InterruptedException _) {
                    interrupted = true;
                }
            }
        } catch (TimeoutException _) {
            Verdict instead = late.get();
            answer.cancel(true);
            return instead;
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException refused) {
                throw refused;
            }
            throw new IllegalStateException("calling a watcher", e.getCause());
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /// An error of the VM concerns the thread that it has hit, and that is not the notifier's.
    private static Verdict answer(Supplier<Verdict> call) {
        try {
            return call.get();
        } catch (VirtualMachineError e) {
            Uncaught.handle(e);
            return Verdict.ALLOW;
        }
    }

    @Override
    public void close() {
        threads.shutdown();
    }
}
