// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.controlfs;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.After;
import org.taskwatch.api.Errno;
import org.taskwatch.api.file.Client;
import org.taskwatch.api.file.FilePath;
import org.taskwatch.api.file.OpenFile;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;

/// A contributed file whose calls a test can hold up.
abstract class ContributionFixture {
    static final Duration LONG = Duration.ofSeconds(60);

    static final Client CLIENT = new Client(1, 0, 0);

    final ExecutorService threads = Executors.newCachedThreadPool();

    final AtomicInteger closed = new AtomicInteger();

    final Contribution file =
            new Contribution(Node.FIRST, "file", FilePath.READABLE, _ -> new Counting(closed));

    final List<Errno> refused = new CopyOnWriteArrayList<>();

    final CountDownLatch inside = new CountDownLatch(1);

    final CountDownLatch mayLeave = new CountDownLatch(1);

    /// Counts how often it is closed.
    record Counting(AtomicInteger closed) implements OpenFile {
        @Override
        public void close() {
            closed.incrementAndGet();
        }
    }

    @After
    public void endThreads() {
        mayLeave.countDown();
        threads.shutdownNow();
    }

    Call call(String what) {
        return new Call(what, 0, refused::add);
    }

    /// A call that ends only when it may, interrupted or not.
    Future<String> enterAndStay() throws InterruptedException {
        Future<String> call =
                threads.submit(() ->
                        file.call(
                                call("stay"),
                                () -> {
                                    inside.countDown();
                                    boolean interrupted = false;
                                    while (mayLeave.getCount() > 0) {
                                        try {
                                            mayLeave.await();
                                        } catch (InterruptedException _) {
                                            interrupted = true;
                                        }
                                    }
                                    return interrupted ? "interrupted" : "done";
                                }));
        inside.await();
        return call;
    }

    void assertGone() {
        assertThatThrownBy(() -> file.call(call("late"), () -> "")).hasMessageContaining("ENODEV");
    }

    /// Counts how often it is closed, and fails at another question.
    record Broken(AtomicInteger closed) implements OpenFile {
        @Override
        public boolean isStream() {
            throw new IllegalStateException("on purpose");
        }

        @Override
        public void close() {
            closed.incrementAndGet();
        }
    }

    static Contribution contribution(Runnable close) {
        return new Contribution(Node.FIRST, "file", FilePath.READABLE, _ -> new Closing(close));
    }

    /// Does something as it is closed.
    record Closing(Runnable work) implements OpenFile {
        @Override
        public void close() {
            work.run();
        }
    }

    static void awaitUninterruptibly(CountDownLatch latch) {
        while (latch.getCount() > 0) {
            try {
                latch.await();
            } catch (InterruptedException _) {
                // goes on, as a bundle that hangs
            }
        }
    }
}
