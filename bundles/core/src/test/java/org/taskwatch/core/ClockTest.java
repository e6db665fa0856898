// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import org.junit.Test;

import java.time.Duration;
import java.util.concurrent.Future;

public class ClockTest {
    private static final Duration DEADLINE = Duration.ofSeconds(20);

    @Test
    public void shouldGoOnFromTheRealTimeAfterNobodyHasAsked() {
        try (Timer timer = new Timer()) {
            Clock clock = new Clock(timer);
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
        try (Timer timer = new Timer()) {
            Clock clock = new Clock(timer);

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
        Timer failing =
                new Timer() {
                    @Override
                    Future<?> after(long millis, Runnable action) {
                        throw new OutOfMemoryError("on purpose");
                    }
                };
        Clock clock = new Clock(failing);
        assertThatThrownBy(clock::nanos).isInstanceOf(OutOfMemoryError.class);

        assertThatThrownBy(clock::nanos).isInstanceOf(OutOfMemoryError.class);
    }

    private static void awaitRealTimeAfter(long nanos) {
        while (System.nanoTime() - nanos <= 1) {
            Thread.onSpinWait();
        }
    }
}
