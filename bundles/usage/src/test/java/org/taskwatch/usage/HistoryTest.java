// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.usage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.Test;
import org.taskwatch.api.tool.UsageSums.By;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

public class HistoryTest {
    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);
    private static final long MINUTE = 60 * SECOND;
    private static final long HOUR = 60 * MINUTE;
    private static final long DAY = 24 * HOUR;

    private final AtomicLong clock = new AtomicLong(-HOUR); // nanoTime may be negative
    private final History history = new History(clock::get);

    private void endsAfter(long nanos) {
        clock.addAndGet(nanos);
        history.add(Ended.of("cc1", 1));
    }

    private static long processes(Period period) {
        return period.sums(By.PROGRAM).stream().mapToLong(sum -> sum.processes()).sum();
    }

    @Test
    public void shouldCountAllFromTheBeginningHoweverLongAgo() {
        for (int i = 0; i < 500; i++) {
            endsAfter(HOUR / 2);
        }
        assertThat(processes(history.all())).isEqualTo(500);
        assertThat(history.all().start()).isEqualTo(-HOUR);
    }

    @Test
    public void shouldCountThoseOfTheLastMinutesFromAWholeMinuteOn() {
        for (int i = 0; i < 600; i++) {
            endsAfter(10 * SECOND);
        }
        Period last = history.last(10 * MINUTE);

        assertThat(processes(last)).isBetween(60L, 66L);
        assertThat(clock.get() - last.start()).isBetween(10 * MINUTE, 11 * MINUTE);
        assertThat(processes(history.last(HOUR))).isBetween(360L, 366L);
    }

    @Test
    public void shouldCountThoseOfTheLastHoursFromAWholeHourOn() {
        for (int i = 0; i < 10 * 48; i++) {
            endsAfter(10 * MINUTE);
        }
        assertThat(processes(history.last(2 * HOUR))).isBetween(12L, 18L);
        assertThat(processes(history.last(DAY))).isBetween(144L, 150L);
    }

    @Test
    public void shouldCountNothingThatIsOverWhenNothingEndsForLong() {
        endsAfter(SECOND);
        clock.addAndGet(HOUR);

        assertThat(processes(history.last(HOUR + 2 * MINUTE))).isEqualTo(1);
        endsAfter(HOUR);
        assertThat(processes(history.last(10 * MINUTE))).isEqualTo(1);
        assertThat(processes(history.all())).isEqualTo(2);
    }

    @Test
    public void shouldSayThatItDoesNotRememberLonger() {
        clock.addAndGet(DAY);
        assertThat(processes(history.last(3 * DAY))).isZero();
        clock.addAndGet(3 * DAY);
        assertThatThrownBy(() -> history.last(3 * DAY))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("48 hours");
    }

    @Test
    public void shouldCountLossesWhereTheyHappened() {
        history.lose(3);
        endsAfter(2 * HOUR);
        history.lose(4);

        assertThat(history.all().lost()).isEqualTo(7);
        assertThat(history.last(30 * MINUTE).lost()).isEqualTo(4);
    }
}
