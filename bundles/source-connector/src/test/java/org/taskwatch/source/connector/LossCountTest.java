// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.source.connector;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.Test;

/// What is counted as lost, by what the socket has dropped and by the numbers of the messages.
public class LossCountTest {
    private static final int DROPS = -3; // the kernel counts on from there past 0

    private final LossCount count = new LossCount(DROPS);
    private long now = 1;

    private void receive(int cpu, int... numbers) {
        for (int number : numbers) {
            count.received(now++, cpu, number);
        }
    }

    @Test
    public void shouldCountNothingWhileAllMessagesOfEachProcessorCome() {
        receive(0, 7, 8);
        receive(3, -1, 0, 1);
        receive(0, 9);

        assertThat(count.take(DROPS)).isZero();
    }

    @Test
    public void shouldCountWhatWasDroppedAtOnceAndNotAgainWhenItIsFoundMissing() {
        receive(0, 7);
        receive(1, 20);
        assertThat(count.take(DROPS + 5)).isEqualTo(5);

        receive(0, 10); // 2 missing
        receive(1, 24); // 3 missing
        assertThat(count.take(DROPS + 5)).isZero();
        assertThat(count.missing()).isEqualTo(5);
    }

    @Test
    public void shouldCountWhatIsMissingAlthoughNothingWasDropped() {
        receive(0, 7, 9, 12);

        assertThat(count.take(DROPS)).isEqualTo(3);
        assertThat(count.take(DROPS)).isZero();
    }

    @Test
    public void shouldCountBothKindsOnceWhicheverIsFoundFirst() {
        receive(0, 7, 9); // one without memory
        assertThat(count.take(DROPS)).isEqualTo(1);
        assertThat(count.take(DROPS + 4)).isEqualTo(4);
        receive(0, 14); // the 4

        assertThat(count.take(DROPS + 4)).isZero();
    }

    @Test
    public void shouldTakeGapsThatAFilterHasMadeForNone() {
        receive(0, 7);
        count.beginAnew(Long.MAX_VALUE, DROPS);
        receive(0, 10, 20);
        count.beginAnew(now + 1, DROPS);
        receive(0, 30, 40); // made while the filter was there still
        receive(0, 50, 51);
        assertThat(count.take(DROPS)).isZero();

        receive(0, 53);
        assertThat(count.take(DROPS)).isEqualTo(1);
    }

    @Test
    public void shouldNotForgetWhatWasNotTakenWhenItBeginsAnew() {
        receive(0, 7, 9);
        count.beginAnew(Long.MAX_VALUE, DROPS);

        assertThat(count.take(DROPS + 2)).isEqualTo(3);
    }
}
