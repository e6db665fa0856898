// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.Test;

import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;

/// What ends the wait of an epoll.
public class WakeupTest {
    @Test
    public void shouldEndEachWaitUntilItIsCleared() throws Exception {
        try (Epoll epoll = Epoll.open();
                Wakeup wakeup = Wakeup.open()) {
            epoll.add(wakeup, Epoll.READABLE, 5);
            assertThat(epoll.await(0)).isZero();

            wakeup.wake();
            wakeup.wake();
            assertThat(epoll.await(0)).isEqualTo(1);
            assertThat(epoll.data(0)).isEqualTo(5);
            assertThat(epoll.await(0)).isEqualTo(1);

            wakeup.clear();
            wakeup.clear();
            assertThat(epoll.await(0)).isZero();
        }
    }

    @Test
    public void shouldEndAWaitThatHasBegun() throws Exception {
        try (Epoll epoll = Epoll.open();
                Wakeup wakeup = Wakeup.open()) {
            epoll.add(wakeup, Epoll.READABLE, 5);
            FutureTask<Integer> waiting = new FutureTask<>(() -> epoll.await(60_000));
            Thread.ofPlatform().start(waiting);
            assertThat(waiting.isDone()).isFalse();

            wakeup.wake();

            assertThat(waiting.get(10, TimeUnit.SECONDS)).isEqualTo(1);
        }
    }

    @Test
    public void shouldRefuseUseAfterClose() throws Exception {
        Wakeup wakeup = Wakeup.open();
        wakeup.close();

        assertThatThrownBy(wakeup::wake).hasMessage("already closed: Wakeup");
        assertThatThrownBy(wakeup::clear).hasMessage("already closed: Wakeup");
    }
}
