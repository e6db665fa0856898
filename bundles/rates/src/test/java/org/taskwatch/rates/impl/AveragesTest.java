// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.rates.impl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.Test;
import org.taskwatch.rates.Rate;
import org.taskwatch.tasks.EventCounts;

import java.util.List;

public class AveragesTest {
    private static final long SECOND = 1_000_000_000;

    private final Averages averages = new Averages(0, counts(0), 0);

    /// Each fork goes with two clones, three execs, four exits, and ten events in all.
    private static EventCounts counts(long forks) {
        return new EventCounts(forks, 2 * forks, 3 * forks, 4 * forks, 10 * forks);
    }

    @Test
    public void shouldTellTheRatesOfTheLastSecondAndWhatAnEventCosts() {
        averages.look(SECOND, counts(1000), SECOND);

        Rate now = averages.look(2 * SECOND, counts(1100), SECOND + SECOND / 100).getFirst();

        assertThat(now.windowSeconds()).isZero();
        assertThat(now.forks()).isEqualTo(100);
        assertThat(now.clones()).isEqualTo(200);
        assertThat(now.execs()).isEqualTo(300);
        assertThat(now.exits()).isEqualTo(400);
        assertThat(now.events()).isEqualTo(1000);
        assertThat(now.cpu()).isCloseTo(0.01, within(1e-9));
        assertThat(now.cpuNanosPerEvent()).isCloseTo(10_000, within(1e-3));
    }

    @Test
    public void shouldRiseAndFallAsTheLoadAverageDoesHoweverOftenItLooks() {
        List<Rate> risen = List.of();
        for (int second = 1; second <= 60; second++) {
            risen = averages.look(second * SECOND, counts(100L * second), 0);
        }
        assertThat(risen).extracting(Rate::windowSeconds).containsExactly(0, 60, 300, 900);
        assertThat(risen.get(1).forks()).isCloseTo(100 * (1 - Math.exp(-1)), within(1e-9));
        assertThat(risen.get(2).forks()).isCloseTo(100 * (1 - Math.exp(-0.2)), within(1e-9));
        assertThat(risen.get(3).forks()).isCloseTo(100 * (1 - Math.exp(-1 / 15.0)), within(1e-9));

        List<Rate> fallen = averages.look(120 * SECOND, counts(6000), 0); // one look, a minute late
        assertThat(fallen.get(0).forks()).isZero();
        assertThat(fallen.get(1).forks())
                .isCloseTo(risen.get(1).forks() * Math.exp(-1), within(1e-9));
    }

    @Test
    public void shouldNotTellTheCostOfAnEventWhereThereWasNone() {
        Rate now = averages.look(SECOND, counts(0), SECOND).getFirst();

        assertThat(now.cpu()).isEqualTo(1);
        assertThat(now.cpuNanosPerEvent()).isNaN();
    }
}
