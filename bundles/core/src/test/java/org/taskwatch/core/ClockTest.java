// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import org.junit.Test;

import java.time.Duration;

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
}
