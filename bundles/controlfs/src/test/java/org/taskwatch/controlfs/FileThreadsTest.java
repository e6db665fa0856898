// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.controlfs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import org.junit.After;
import org.junit.Test;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/// On which threads the calls and closes of a file run.
public class FileThreadsTest {
    private final FileThreads threads = new FileThreads("dir/file");
    private final CountDownLatch go = new CountDownLatch(1);

    @After
    public void letGo() {
        go.countDown();
        threads.end();
    }

    private void awaitGo() {
        try {
            go.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    public void shouldCallOnDaemonThreadsNamedAfterTheFile() throws Exception {
        CompletableFuture<Thread> ran = new CompletableFuture<>();

        assertThat(threads.call(() -> ran.complete(Thread.currentThread()))).isTrue();

        Thread thread = ran.get(10, TimeUnit.SECONDS);
        assertThat(thread.getName()).startsWith("taskwatch-file-dir/file-");
        assertThat(thread.isDaemon()).isTrue();
    }

    @Test
    public void shouldRefuseMoreCallsThanItHasThreadsForUntilOneEnds() {
        AtomicInteger ended = new AtomicInteger();
        for (int i = 0; i < 1024; i++) {
            assertThat(
                            threads.call(() -> {
                                awaitGo();
                                ended.incrementAndGet();
                            }))
                    .isTrue();
        }
        assertThat(threads.call(() -> {})).isFalse();

        go.countDown();

        await().untilAsserted(() -> assertThat(ended).hasValue(1024));
        await().until(() -> threads.call(() -> {}));
    }

    @Test
    public void shouldCloseOneAfterTheOtherWhateverHangs() throws Exception {
        List<String> done = new CopyOnWriteArrayList<>();
        threads.close(() -> {
            awaitGo();
            done.add("first");
        });
        threads.close(() -> done.add("second"));
        FutureTask<Void> waiting =
                new FutureTask<>(() -> {
                    threads.awaitClosed();
                    done.add("after");
                    return null;
                });
        Thread thread = Thread.ofPlatform().start(waiting);
        await().until(() -> thread.getState() == Thread.State.WAITING);
        assertThat(done).isEmpty();

        go.countDown();

        waiting.get(10, TimeUnit.SECONDS);
        assertThat(done).containsExactly("first", "second", "after");
    }

    @Test
    public void shouldCloseAtOnceWhatIsClosedWithinAClose() throws Exception {
        List<String> done = new CopyOnWriteArrayList<>();
        threads.close(() -> {
            threads.close(() -> done.add("inner"));
            done.add("outer");
        });

        threads.awaitClosed();

        assertThat(done).containsExactly("inner", "outer");
    }

    @Test
    public void shouldStillCloseAfterItsEndOnTheThreadThatAsks() throws Exception {
        threads.end();
        List<Thread> ran = new CopyOnWriteArrayList<>();

        threads.close(() -> ran.add(Thread.currentThread()));
        threads.awaitClosed();

        assertThat(ran).containsExactly(Thread.currentThread());
    }
}
