// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.gate.impl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import org.jspecify.annotations.Nullable;
import org.junit.rules.ExternalResource;
import org.taskwatch.api.Gate;
import org.taskwatch.api.Verdict;
import org.taskwatch.gate.GateInfo;

import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/// One tree of process 10, with real threads, and a kernel, a table and watchers of the test. At the end it checks
/// that the kernel was used rightly, and that everything has ended.
final class TreeFixture extends ExternalResource {
    static final long SECONDS = 30;

    final FakeListener kernel = new FakeListener();
    final FakeForks forks = new FakeForks();
    final FakeWatchers watchers = new FakeWatchers();
    final Counts counts = new Counts(null);

    /// Lets go who waits in a watcher, at the end of the test if not before.
    final CountDownLatch released = new CountDownLatch(1);

    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final CompletableFuture<GatedTree> closed = new CompletableFuture<>();
    private @Nullable GatedTree tree;
    private @Nullable Ticker ticker;

    /// Begins to receive.
    ///
    /// @param whenLate the answer for late watchers, null for that of the instance, which allows
    GatedTree start(@Nullable Verdict whenLate) {
        Asking asking =
                new Asking(
                        forks,
                        watchers,
                        watchers,
                        Verdict.ALLOW,
                        counts,
                        threads,
                        () -> Objects.requireNonNull(ticker).begin());
        Gate gate = new Gate(1, 10, 1000, "label", "make");
        GatedTree started = new GatedTree(gate, whenLate, kernel, asking, closed::complete);
        ticker = new Ticker(started::relieve);
        tree = started;
        started.start(false);
        return started;
    }

    GatedTree tree() {
        return Objects.requireNonNull(tree, "the test has not started it");
    }

    /// Stops as the server does.
    void stop() {
        kernel.wake();
        tree().end();
    }

    void awaitClosed() throws InterruptedException {
        long nanos = TimeUnit.SECONDS.toNanos(SECONDS);
        assertThat(tree().awaitClosed(nanos, nanos)).isTrue();
    }

    void awaitAnswers(String... answers) {
        await().untilAsserted(
                        () -> assertThat(kernel.answers()).containsExactlyInAnyOrder(answers));
    }

    /// {@return what is counted when nobody waits for an answer}
    GateInfo settled() {
        await().until(() -> tree().info().waiting() == 0);
        return tree().info();
    }

    /// {@return what the table was told of forks}
    List<String> told() {
        return forks.lines().stream().filter(line -> !line.endsWith("ed 10")).toList();
    }

    @Override
    protected void after() {
        try {
            released.countDown();
            stop();
            awaitClosed();
            Objects.requireNonNull(ticker).end();
            threads.shutdown();
            assertThat(threads.awaitTermination(SECONDS, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
        assertThat(kernel.misuses()).isEmpty();
        assertThat(kernel.isClosed()).isTrue();
        assertThat(closed).isCompletedWithValue(tree());
        assertThat(forks.lines()).startsWith("opened 10").endsWith("closed 10");
    }
}
