// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.source.connector;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.Test;

import java.util.stream.IntStream;

/// The order of messages that processors have queued at the same time.
public class TimeOrderTest {
    private final TimeOrder order = new TimeOrder(8);

    private void add(long... nanos) {
        for (int i = 0; i < nanos.length; i++) {
            order.add(i, nanos[i]);
        }
    }

    private int[] indexes() {
        return IntStream.range(0, order.size()).map(order::index).toArray();
    }

    @Test
    public void shouldPutMessagesInTheOrderOfTheirTime() {
        add(10, 30, 20, 40, 5);

        assertThat(indexes()).containsExactly(4, 0, 2, 1, 3);
    }

    @Test
    public void shouldKeepTheOrderOfTheQueueAtEqualTimes() {
        add(20, 10, 20, 10, 20);

        assertThat(indexes()).containsExactly(1, 3, 0, 2, 4);
    }

    @Test
    public void shouldForgetTheReceiveBefore() {
        add(20, 10);
        order.clear();
        add(7);

        assertThat(indexes()).containsExactly(0);
    }
}
