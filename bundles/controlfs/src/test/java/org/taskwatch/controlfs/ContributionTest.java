// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.controlfs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import org.junit.After;
import org.junit.Test;
import org.taskwatch.api.Errno;
import org.taskwatch.api.file.Client;
import org.taskwatch.api.file.FileException;
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

/// Who may be inside a bundle, and when.
public class ContributionTest {
    private static final Duration LONG = Duration.ofSeconds(60);
    private static final Client CLIENT = new Client(1, 0, 0);

    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final AtomicInteger closed = new AtomicInteger();
    private final Contribution file =
            new Contribution(Node.FIRST, "file", FilePath.READABLE, _ -> new Counting(closed));
    private final List<Errno> refused = new CopyOnWriteArrayList<>();
    private final CountDownLatch inside = new CountDownLatch(1);
    private final CountDownLatch mayLeave = new CountDownLatch(1);

    /// Counts how often it is closed.
    private record Counting(AtomicInteger closed) implements OpenFile {
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

    private Call call(String what) {
        return new Call(what, 0, refused::add);
    }

    /// A call that ends only when it may, interrupted or not.
    private Future<String> enterAndStay() throws InterruptedException {
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

    private void assertGone() {
        assertThatThrownBy(() -> file.call(call("late"), () -> "")).hasMessageContaining("ENODEV");
    }

    @Test
    public void shouldNotLeaveWhileACallIsInside() throws Exception {
        Future<String> call = enterAndStay();
        Future<?> leaving = threads.submit(() -> file.leave(LONG));
        await().untilAsserted(this::assertGone);
        assertThat(leaving.isDone()).isFalse();

        mayLeave.countDown();

        leaving.get();
        assertThat(call.get()).isEqualTo("interrupted");
    }

    @Test
    public void shouldTellACallThatWaitsThatTheFileHasGone() throws Exception {
        Future<String> call =
                threads.submit(() ->
                        file.call(
                                call("wait"),
                                () -> {
                                    inside.countDown();
                                    new CountDownLatch(1).await();
                                    return "";
                                }));
        inside.await();

        file.leave(LONG);

        assertThatThrownBy(call::get).hasMessageContaining("ENODEV");
    }

    @Test
    public void shouldGiveUpAtTheDeadlineAndLetTheClientGo() throws Exception {
        enterAndStay();

        file.leave(Duration.ofMillis(10));

        assertGone();
        assertThat(refused).containsExactly(Errno.ENODEV);
    }

    @Test
    public void shouldNotWaitForTheCallThatItIsMadeIn() throws Exception {
        assertThat(
                        file.call(
                                call("own"),
                                () -> {
                                    file.leave(LONG);
                                    return "left";
                                }))
                .isEqualTo("left");
    }

    @Test
    public void shouldCloseWhatIsOpenOnce() throws Exception {
        Handle left = file.call(call("open"), () -> file.open(1, CLIENT));
        Handle released = file.call(call("open"), () -> file.open(2, CLIENT));
        file.close(released);
        assertThat(closed).hasValue(1);
        AtomicInteger woken = new AtomicInteger();
        left.poll(woken::incrementAndGet);

        file.leave(LONG);
        file.close(left);

        assertThat(closed).hasValue(2);
        assertThat(woken).hasValue(1);
    }

    @Test
    public void shouldInterruptACallThatHasNotBegun() {
        Call call = call("early");
        call.interrupt();

        assertThatThrownBy(() ->
                        file.call(
                                call,
                                () -> {
                                    new CountDownLatch(1).await();
                                    return "";
                                }))
                .hasMessageContaining("EINTR");
        assertThat(Thread.currentThread().isInterrupted()).isFalse();
    }

    @Test
    public void shouldNotInterruptTheThreadOfACallThatHasEnded() throws Exception {
        Call call = call("ended");
        file.call(call, () -> "");

        call.interrupt();

        assertThat(Thread.currentThread().isInterrupted()).isFalse();
    }

    @Test
    public void shouldKnowAClientThatIsGoneFromOneThatWaits() throws Exception {
        Process client = new ProcessBuilder("sleep", "60").start();
        Call call = new Call("wait", (int) client.pid(), refused::add);
        boolean before = call.isOfDying();
        client.destroyForcibly().waitFor();

        assertThat(before).isFalse();
        assertThat(call.isOfDying()).isTrue();
    }

    @Test
    public void shouldAnswerAClientOnce() {
        Call call = call("once");

        call.abandon(Errno.EINTR);
        call.abandon(Errno.ENODEV);

        assertThat(refused).containsExactly(Errno.EINTR);
        assertThat(call.takeAnswer()).isFalse();
    }

    @Test
    public void shouldTellAFailureOfTheBundleAsAnErrorOfInput() {
        assertThatThrownBy(() ->
                        file.call(
                                call("fail"),
                                () -> {
                                    throw new IllegalStateException("a fault");
                                }))
                .isInstanceOf(FileException.class)
                .hasMessageContaining("EIO");
    }
}
