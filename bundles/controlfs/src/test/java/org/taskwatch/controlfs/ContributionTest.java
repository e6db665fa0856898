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
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

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
        await().untilAsserted(() -> assertThat(closed).hasValue(1));
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

    @Test
    public void shouldTellAnErrorOfTheBundleAsOneOfInputToo() {
        assertThatThrownBy(() ->
                        file.call(
                                call("fail"),
                                () -> {
                                    throw new NoClassDefFoundError("an error");
                                }))
                .hasMessageContaining("EIO");
    }

    @Test
    public void shouldHandOnAnErrorOfTheVirtualMachineEachTime() {
        List<Throwable> handled = new CopyOnWriteArrayList<>();
        Thread self = Thread.currentThread();
        self.setUncaughtExceptionHandler((_, error) -> handled.add(error));
        try {
            for (int i = 0; i < 2; i++) {
                assertThatThrownBy(() ->
                                file.call(
                                        call("fail"),
                                        () -> {
                                            throw new OutOfMemoryError("on purpose");
                                        }))
                        .hasMessageContaining("EIO");
            }
            assertThat(handled).hasSize(2);
        } finally {
            self.setUncaughtExceptionHandler(null);
        }
    }

    @Test
    public void shouldNotWaitLongerThanItMayForACloseThatHangs() throws Exception {
        Contribution hanging = contribution(() -> awaitUninterruptibly(mayLeave));
        hanging.call(call("open"), () -> hanging.open(1, CLIENT));
        Future<?> leaving = threads.submit(() -> hanging.leave(Duration.ofMillis(10)));

        leaving.get(LONG.toSeconds(), TimeUnit.SECONDS);
    }

    @Test
    public void shouldNotOpenBeforeWhatWasClosedBeforeIs() throws Exception {
        List<String> calls = new CopyOnWriteArrayList<>();
        Contribution slow =
                new Contribution(
                        Node.FIRST,
                        "file",
                        FilePath.READABLE,
                        _ -> {
                            calls.add("open");
                            return new Closing(() -> {
                                awaitUninterruptibly(mayLeave);
                                calls.add("close");
                            });
                        });
        slow.close(slow.call(call("open"), () -> slow.open(1, CLIENT)));

        FutureTask<Handle> opened =
                new FutureTask<>(() -> slow.call(call("open"), () -> slow.open(2, CLIENT)));
        Thread opening = Thread.ofPlatform().start(opened);
        await().until(() -> opening.getState() == Thread.State.WAITING);
        assertThat(calls).containsExactly("open");
        mayLeave.countDown();
        opened.get();

        assertThat(calls).containsExactly("open", "close", "open");
    }

    @Test
    public void shouldNotFailToOpenForASignalWhileACloseIsShort() throws Exception {
        Call interrupted = call("open");
        interrupted.interrupt();

        Handle handle = file.call(interrupted, () -> file.open(1, CLIENT));

        assertThat(handle.number()).isEqualTo(1);
    }

    @Test
    public void shouldNotWaitForTheCloseThatItIsMadeIn() throws Exception {
        AtomicReference<Contribution> self = new AtomicReference<>();
        self.set(
                contribution(() -> {
                    if (closed.getAndIncrement() == 0) {
                        self.get().leave(Duration.ZERO);
                    }
                }));
        Contribution leaving = self.get();
        Handle first = leaving.call(call("open"), () -> leaving.open(1, CLIENT));
        leaving.call(call("open"), () -> leaving.open(2, CLIENT));

        leaving.close(first);
        await().untilAsserted(() -> assertThat(closed).hasValue(2));
        leaving.leave(LONG);
    }

    @Test
    public void shouldLetGoWhoWaitsForACloseThatHangs() throws Exception {
        Contribution hanging = contribution(() -> awaitUninterruptibly(mayLeave));
        hanging.close(hanging.call(call("open"), () -> hanging.open(1, CLIENT)));
        Call interrupted = call("open");
        interrupted.interrupt();

        assertThatThrownBy(() -> hanging.call(interrupted, () -> hanging.open(2, CLIENT)))
                .hasMessageContaining("EINTR");
        Future<?> waiting =
                threads.submit(() -> hanging.call(call("open"), () -> hanging.open(3, CLIENT)));
        hanging.leave(Duration.ofMillis(10));
        assertThatThrownBy(waiting::get).hasMessageContaining("ENODEV");
    }

    @Test
    public void shouldCloseAtOnceWhatIsOpenedWhileItGoes() {
        AtomicReference<Contribution> self = new AtomicReference<>();
        self.set(
                new Contribution(
                        Node.FIRST,
                        "file",
                        FilePath.READABLE,
                        _ -> {
                            self.get().leave(LONG);
                            return new Counting(closed);
                        }));

        assertThatThrownBy(() -> self.get().call(call("open"), () -> self.get().open(1, CLIENT)))
                .hasMessageContaining("ENODEV");
        await().untilAsserted(() -> assertThat(closed).hasValue(1));
        assertThat(Thread.currentThread().isInterrupted()).isFalse();
    }

    @Test
    public void shouldLimitWhatOneUserHasOpenButNotRoot() throws Exception {
        for (int i = 0; i < 1024; i++) {
            file.call(call("open"), () -> file.open(1, new Client(1, 1000, 1000)));
            file.call(call("open"), () -> file.open(1, CLIENT));
        }
        assertThatThrownBy(() ->
                        file.call(call("open"), () -> file.open(1, new Client(1, 1000, 1000))))
                .hasMessageContaining("ENFILE");
        file.call(call("open"), () -> file.open(1, CLIENT));
        file.call(call("open"), () -> file.open(1, new Client(1, 1001, 1001)));
    }

    @Test
    public void shouldLimitWhatAllUsersHaveOpenTogetherButNotRoot() throws Exception {
        Handle last = null;
        for (int i = 0; i < 4 * 1024; i++) {
            Client user = new Client(1, 1000 + i % 8, 1000);
            last = file.call(call("open"), () -> file.open(1, user));
        }
        Client other = new Client(1, 2000, 2000);
        assertThatThrownBy(() -> file.call(call("open"), () -> file.open(1, other)))
                .hasMessageContaining("ENFILE");
        file.call(call("open"), () -> file.open(1, CLIENT));
        file.close(Objects.requireNonNull(last));
        file.call(call("open"), () -> file.open(1, other));
    }

    @Test
    public void shouldNotCountWhatCouldNotBeOpened() throws Exception {
        AtomicInteger opened = new AtomicInteger();
        Contribution picky =
                new Contribution(
                        Node.FIRST,
                        "file",
                        FilePath.READABLE,
                        _ -> {
                            if (opened.getAndIncrement() < 2000) {
                                throw new FileException(Errno.EPERM, "on purpose");
                            }
                            return new Counting(closed);
                        });
        Client user = new Client(1, 1000, 1000);
        for (int i = 0; i < 2000; i++) {
            assertThatThrownBy(() -> picky.call(call("open"), () -> picky.open(1, user)))
                    .hasMessageContaining("EPERM");
        }
        picky.call(call("open"), () -> picky.open(1, user));
    }

    @Test
    public void shouldCloseAFileThatCannotEvenSayWhetherItIsAStream() {
        Contribution broken =
                new Contribution(Node.FIRST, "file", FilePath.READABLE, _ -> new Broken(closed));

        assertThatThrownBy(() -> broken.call(call("open"), () -> broken.open(1, CLIENT)))
                .hasMessageContaining("EIO");

        assertThat(closed).hasValue(1);
    }

    /// Counts how often it is closed, and fails at another question.
    private record Broken(AtomicInteger closed) implements OpenFile {
        @Override
        public boolean isStream() {
            throw new IllegalStateException("on purpose");
        }

        @Override
        public void close() {
            closed.incrementAndGet();
        }
    }

    private static Contribution contribution(Runnable close) {
        return new Contribution(Node.FIRST, "file", FilePath.READABLE, _ -> new Closing(close));
    }

    /// Does something as it is closed.
    private record Closing(Runnable work) implements OpenFile {
        @Override
        public void close() {
            work.run();
        }
    }

    private static void awaitUninterruptibly(CountDownLatch latch) {
        while (latch.getCount() > 0) {
            try {
                latch.await();
            } catch (InterruptedException _) {
                // goes on, as a bundle that hangs
            }
        }
    }
}
