// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.controlfs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import org.junit.Test;
import org.taskwatch.api.Errno;
import org.taskwatch.api.file.FileException;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;

/// Who may be inside a bundle, and when.
public class ContributionTest extends ContributionFixture {
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
}
