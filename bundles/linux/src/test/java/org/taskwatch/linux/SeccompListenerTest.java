// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.After;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;
import org.taskwatch.linux.SeccompListener.Notification;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/// A listener whose filter one thread has, which forks when it is told to, and ends.
public class SeccompListenerTest {
    private static final int LONG_MILLIS = 60_000;
    private static final int EPERM = 1;

    @Rule public final TemporaryFolder temporary = new TemporaryFolder();

    private final CompletableFuture<SeccompListener> installed = new CompletableFuture<>();
    private final CompletableFuture<String> forked = new CompletableFuture<>();
    private final CountDownLatch go = new CountDownLatch(1);
    private SeccompListener listener;
    private Wakeup end;

    @Before
    public void filter() throws Exception {
        end = Wakeup.open();
        Thread.ofPlatform().start(this::runFiltered);
        listener = installed.get(LONG_MILLIS, TimeUnit.MILLISECONDS);
    }

    private void runFiltered() {
        try {
            installed.complete(ForkFilter.install());
            go.await();
            forked.complete(new ProcessBuilder("true").start().toString());
        } catch (LinuxException e) {
            installed.completeExceptionally(e);
        } catch (IOException | InterruptedException e) {
            forked.complete(e.toString());
        }
    }

    @After
    public void close() throws Exception {
        go.countDown();
        listener.close(); // and a fork that waits fails
        end.close();
        assertThat(forked.get(LONG_MILLIS, TimeUnit.MILLISECONDS)).isNotNull();
    }

    private void awaitReadable() throws LinuxException {
        assertThat(listener.await(end, LONG_MILLIS)).isEqualTo(SeccompListener.READABLE);
    }

    @Test
    public void shouldReceiveAForkAndAnswerItOnce() throws Exception {
        assertThat(listener.await(end, 0)).isZero();
        go.countDown();
        awaitReadable();
        Notification fork = Objects.requireNonNull(listener.receive());
        assertThat(fork.tid()).isPositive();
        assertThat(fork.instructionPointer()).isNotZero();
        assertThat(listener.isValid(fork.id())).isTrue();
        assertThat(listener.isValid(fork.id() + 1)).isFalse();

        assertThat(listener.refuse(fork.id(), EPERM)).isTrue();

        assertThat(forked.get(LONG_MILLIS, TimeUnit.MILLISECONDS)).contains("error: 1");
        assertThat(listener.isValid(fork.id())).isFalse();
        assertThat(listener.proceed(fork.id())).isFalse();
    }

    @Test
    public void shouldSayThatNoTaskIsLeftBelowTheFilter() throws Exception {
        go.countDown();
        awaitReadable();
        listener.refuse(Objects.requireNonNull(listener.receive()).id(), EPERM);

        assertThat(listener.await(end, LONG_MILLIS)).isEqualTo(SeccompListener.HANG_UP);
    }

    @Test
    public void shouldBeWokenAndSayWhatElseThereIs() throws Exception {
        end.wake();
        assertThat(listener.await(end, LONG_MILLIS)).isEqualTo(SeccompListener.WOKEN);

        go.countDown();
        end.clear();
        awaitReadable();
        end.wake();
        assertThat(listener.await(end, LONG_MILLIS))
                .isEqualTo(SeccompListener.WOKEN | SeccompListener.READABLE);
    }

    @Test
    @SuppressWarnings("try") // what is closed twice
    public void shouldBeTakenOverFromWhatSomebodyHasSent() throws Exception {
        Path path = temporary.getRoot().toPath().resolve("socket");
        try (UnixSocket server = UnixSocket.listen(path, 0600);
                UnixSocket client = UnixSocket.connect(path);
                UnixSocket socket = Objects.requireNonNull(server.accept(end))) {
            client.send("", listener);
            client.send("", end);
            go.countDown();
            awaitReadable();
            SeccompListener taken;
            try (ReceivedFile file = received(socket)) {
                taken = SeccompListener.of(file);
            }
            try (taken) { // which that did not close
                assertThat(taken.receive()).isNotNull();
            }
            try (ReceivedFile other = received(socket)) {
                assertThatThrownBy(() -> SeccompListener.of(other))
                        .hasMessage(
                                "use of anon_inode:[eventfd] as a listener of seccomp(2) failed:"
                                        + " EINVAL");
            }
        }
    }

    private static ReceivedFile received(UnixSocket socket) throws LinuxException {
        return Objects.requireNonNull(Objects.requireNonNull(socket.receive(LONG_MILLIS)).file());
    }
}
