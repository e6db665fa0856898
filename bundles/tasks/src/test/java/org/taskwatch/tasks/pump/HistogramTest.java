// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.tasks.pump;

import static org.assertj.core.api.Assertions.assertThat;

import org.assertj.core.data.Percentage;
import org.junit.Test;
import org.taskwatch.tasks.Latency;

import java.util.Arrays;
import java.util.Random;

public class HistogramTest {
    private static final long SEED = 4711;

    private final Histogram histogram = new Histogram();

    @Test
    public void shouldTellThePercentilesOfSortedDurationsUpTo3PercentTooHigh() {
        long[] durations = new Random(SEED).longs(100_000, 1, 1L << 40).toArray();
        Arrays.stream(durations).forEach(histogram::record);
        Arrays.sort(durations);

        Latency latency = histogram.latency();
        assertThat(histogram.count()).isEqualTo(durations.length);
        assertNear(latency.p50Nanos(), durations[50_000 - 1]);
        assertNear(latency.p99Nanos(), durations[99_000 - 1]);
        assertNear(latency.p999Nanos(), durations[99_900 - 1]);
        assertThat(latency.maxNanos()).isEqualTo(durations[durations.length - 1]);
    }

    private static void assertNear(long told, long exact) {
        assertThat(told)
                .isGreaterThanOrEqualTo(exact)
                .isCloseTo(exact, Percentage.withPercentage(100.0 / 32));
    }

    @Test
    public void shouldHoldEveryDurationThereIs() {
        histogram.record(Long.MAX_VALUE);
        histogram.record(Long.MIN_VALUE);

        Latency latency = histogram.latency();
        assertThat(latency.p50Nanos()).isZero();
        assertThat(latency.p99Nanos()).isEqualTo(Long.MAX_VALUE);
        assertThat(latency.maxNanos()).isEqualTo(Long.MAX_VALUE);
        assertThat(latency.below().values()).containsOnly(1L);
    }

    @Test
    public void shouldTellZeroWhenThereIsNothing() {
        Latency latency = histogram.latency();
        assertThat(latency.p999Nanos()).isZero();
        assertThat(latency.below().values()).containsOnly(0L);
    }

    @Test
    public void shouldCountExactlyHowManyWereBelowAPowerOfTwo() {
        for (long duration : new long[] {0, 8191, 8192, 16_383, 16_384, 1L << 40}) {
            histogram.record(duration);
        }
        Latency latency = histogram.latency();
        assertThat(latency.sumNanos()).isEqualTo(8191 + 8192 + 16_383 + 16_384 + (1L << 40));
        assertThat(latency.below())
                .containsEntry(8192L, 2L)
                .containsEntry(16_384L, 4L)
                .containsEntry(32_768L, 5L)
                .containsEntry(1L << 30, 5L)
                .hasSize(18);
    }
}
