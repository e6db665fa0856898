// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.linux;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.After;
import org.junit.Before;
import org.junit.Test;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/// What ends a wait.
public class WaiterTest {
    private static final int LONG_MILLIS = 60_000;

    private final List<Long> reported = new ArrayList<>();
    private Waiter waiter;
    private Wakeup descriptor; // the simplest that can become readable

    @Before
    public void open() throws LinuxException {
        waiter = Waiter.open();
        descriptor = Wakeup.open();
        waiter.epoll().add(descriptor, Epoll.READABLE, 7);
    }

    @After
    public void close() {
        waiter.close();
        descriptor.close();
    }

    private boolean await(int millis) throws LinuxException {
        return waiter.await(millis, (data, _) -> reported.add(data));
    }

    @Test
    public void shouldReportWhatHasCome() throws Exception {
        descriptor.wake();

        assertThat(await(LONG_MILLIS)).isTrue();
        assertThat(reported).containsExactly(7L);
    }

    @Test
    public void shouldReportNothingWhenTheTimeIsOver() throws Exception {
        assertThat(await(1)).isFalse();
        assertThat(reported).isEmpty();
    }

    @Test
    public void shouldEndTheNextWaitAtAWakeThatCameBeforeAndNoFurtherOne() throws Exception {
        waiter.wake();
        waiter.wake();

        assertThat(await(LONG_MILLIS)).isFalse();
        assertThat(reported).isEmpty();
        assertThat(waiter.epoll().await(0)).isZero();
    }

    @Test
    public void shouldSayThatItWasWokenAlsoIfSomethingHasCome() throws Exception {
        descriptor.wake();
        assertThat(await(LONG_MILLIS)).isTrue();
        assertThat(waiter.wasWoken()).isFalse();

        waiter.wake();
        assertThat(await(LONG_MILLIS)).isTrue(); // the descriptor was not read
        assertThat(waiter.wasWoken()).isTrue();
    }

    @Test
    public void shouldEndAWaitOfAnotherThread() throws Exception {
        CompletableFuture<Boolean> wait =
                CompletableFuture.supplyAsync(() -> {
                    try {
                        return await(LONG_MILLIS);
                    } catch (LinuxException e) {
                        throw new IllegalStateException(e);
                    }
                });
        waiter.wake();

        assertThat(wait.get(LONG_MILLIS / 2, TimeUnit.MILLISECONDS)).isFalse();
    }

    @Test
    public void shouldNotBeWokenAfterItWasClosed() throws Exception {
        waiter.close();
        try (Wakeup next = Wakeup.open(); // with the number that is free now
                Epoll epoll = Epoll.open()) {
            epoll.add(next, Epoll.READABLE, 1);
            waiter.wake();
            assertThat(epoll.await(0)).isZero();
        }
    }
}
