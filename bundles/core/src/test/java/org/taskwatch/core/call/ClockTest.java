// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.core.call;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import static java.util.concurrent.TimeUnit.MILLISECONDS;

import org.junit.Test;

import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;

public class ClockTest {
    private static final Duration DEADLINE = Duration.ofSeconds(20);

    @Test
    public void shouldGoOnFromTheRealTimeAfterNobodyHasAsked() {
        try (var timer = Executors.newSingleThreadScheduledExecutor()) {
            Clock clock = clock(timer);
            long before = System.nanoTime();
            long first = clock.nanos();
            assertThat(first).isBetween(before, System.nanoTime() + 1);

            await().atMost(DEADLINE).until(() -> clock.nanos() > first);

            long later = System.nanoTime();
            await().atMost(DEADLINE).until(() -> clock.nanos() >= later);
        }
    }

    @Test
    public void shouldNotReadTheRealClockAgainWithinAStep() {
        try (var timer = Executors.newSingleThreadScheduledExecutor()) {
            Clock clock = clock(timer);

            // Not at the first try, if a step ends between the two.
            await().atMost(DEADLINE)
                    .until(() -> {
                        long first = clock.nanos();
                        awaitRealTimeAfter(first);
                        return clock.nanos() == first;
                    });
        }
    }

    @Test
    public void shouldGoOnAfterTheEndOfAStepCouldNotBeScheduled() {
        Clock clock =
                new Clock((_, _) -> {
                    throw new OutOfMemoryError("on purpose");
                });
        assertThatThrownBy(clock::nanos).isInstanceOf(OutOfMemoryError.class);

        assertThatThrownBy(clock::nanos).isInstanceOf(OutOfMemoryError.class);
    }

    private static Clock clock(ScheduledExecutorService timer) {
        return new Clock((millis, action) -> timer.schedule(action, millis, MILLISECONDS));
    }

    private static void awaitRealTimeAfter(long nanos) {
        while (System.nanoTime() - nanos <= 1) {
            Thread.onSpinWait();
        }
    }
}
