// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.linux;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.Test;

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
}
