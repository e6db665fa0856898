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
        return IntStream.generate(order::take).limit(size()).toArray();
    }

    private int size() {
        int[] size = {0};
        order.anyMatch(_ -> size[0]++ < 0);
        return size[0];
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
    public void shouldForgetWhatWasTakenOut() {
        add(20, 10);
        indexes();
        add(7);

        assertThat(indexes()).containsExactly(0);
        assertThat(order.isEmpty()).isTrue();
    }

    @Test
    public void shouldPutLaterOnesBehindWhatWasTakenOutForEver() {
        add(20, 30);
        for (int i = 2; i < 100; i++) { // more than it has places
            order.add(i, i % 2 == 0 ? 25 : 10);
            assertThat(order.take()).isEqualTo(i == 2 ? 0 : i % 2 == 0 ? i - 2 : i);
        }
    }

    @Test
    public void shouldFindMessagesThatWereNotTakenOut() {
        add(10, 20, 30);
        order.take();

        assertThat(order.anyMatch(index -> index == 0)).isFalse();
        assertThat(order.anyMatch(index -> index == 2)).isTrue();
        assertThat(order.lowest(0, 99)).isEqualTo(1);
        assertThat(order.lowest(2, 99)).isEqualTo(2);
        assertThat(order.lowest(3, 99)).isEqualTo(99);
    }
}
