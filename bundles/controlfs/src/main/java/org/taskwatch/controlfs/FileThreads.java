// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.controlfs;

import org.jspecify.annotations.Nullable;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/// The threads of one file. One file that hangs uses up its own, and no other's.
final class FileThreads {
    /// The most calls at a time: each has a thread.
    private static final int MAX_CALLS = 1024;

    private static final int IDLE_SECONDS = 2;

    /// Closes are short: for this long, a signal to the client does not end the wait for them, as it
    /// would not in the kernel. If one hangs, the client is let go after that.
    private static final long PATIENCE_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    /// These threads live while they have something to do, and a little longer.
    private final ThreadPoolExecutor callers;

    /// One thread: however many clients close a file that hangs, only one thread hangs. It is there from
    /// the beginning, so a close does not depend on whether the JVM can make a thread.
    private final ThreadPoolExecutor closer;

    /// The thread of the closer. Written by the factory before that runs.
    private volatile @Nullable Thread closing;

    FileThreads(String path) {
        ThreadFactory threads =
                Thread.ofPlatform().name("taskwatch-file-" + path + "-", 1).daemon().factory();
        callers =
                new ThreadPoolExecutor(
                        0,
                        MAX_CALLS,
                        IDLE_SECONDS,
                        TimeUnit.SECONDS,
                        new SynchronousQueue<>(),
                        threads);
        closer =
                new ThreadPoolExecutor(
                        1,
                        1,
                        0,
                        TimeUnit.SECONDS,
                        new LinkedBlockingQueue<>(),
                        work -> {
                            Thread thread = threads.newThread(work);
                            closing = thread;
                            return thread;
                        },
                        (work, _) -> work.run()); // after the end
        closer.prestartCoreThread();
    }

    /// Runs a call.
    ///
    /// @return whether it runs: false if there are too many, or the JVM can't make a thread
    boolean call(Runnable work) {
        try {
            callers.execute(work);
            return true;
        } catch (RejectedExecutionException | OutOfMemoryError _) {
            return false;
        }
    }

    /// Runs the closing of an open file, after those given before. Runs it at once if such work is the
    /// caller, which may be about to wait for it.
    void close(Runnable work) {
        if (Thread.currentThread() == closing) {
            work.run();
        } else {
            closer.execute(work);
        }
    }

    /// Waits until what was given to [#close] before has run.
    ///
    /// @throws InterruptedException if that takes long and the thread is interrupted
    void awaitClosed() throws InterruptedException {
        CountDownLatch turn = new CountDownLatch(1);
        closer.execute(turn::countDown);
        if (!hasComeSoon(turn)) {
            turn.await();
        }
    }

    private static boolean hasComeSoon(CountDownLatch turn) {
        long start = System.nanoTime();
        boolean interrupted = false;
        boolean hasCome = false;
        for (long left = PATIENCE_NANOS; !hasCome && left > 0; ) {
            try {
                hasCome = turn.await(left, TimeUnit.NANOSECONDS);
            } catch (InterruptedException _) {
                interrupted = true;
            }
            left = PATIENCE_NANOS - (System.nanoTime() - start);
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        return hasCome;
    }

    /// Ends the closer when it has done what it was given. Later closes are run by who asks for them.
    void end() {
        closer.shutdown();
    }
}
