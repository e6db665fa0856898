// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.controlfs;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/// The threads of one file, which live while they have something to do, and a little longer. One file
/// that hangs uses up its own, and no other's.
final class FileThreads {
    /// The most calls at a time: each has a thread.
    private static final int MAX_CALLS = 1024;

    private static final int IDLE_SECONDS = 2;

    private final ThreadPoolExecutor callers;

    /// One thread: however many clients close a file that hangs, only one thread hangs.
    private final ThreadPoolExecutor closer;

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
                        1, 1, IDLE_SECONDS, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), threads);
        closer.allowCoreThreadTimeOut(true);
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

    /// Runs the closing of an open file, after those given before.
    void close(Runnable work) {
        closer.execute(work);
    }

    /// Waits until what was given to [#close] before has run.
    void awaitClosed() throws InterruptedException {
        CountDownLatch turn = new CountDownLatch(1);
        closer.execute(turn::countDown);
        turn.await();
    }
}
