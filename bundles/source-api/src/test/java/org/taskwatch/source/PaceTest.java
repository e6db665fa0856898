// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.source;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.Test;
import org.taskwatch.api.TaskEvent;

import java.util.Set;
import java.util.concurrent.TimeUnit;

/// When the pump pauses. No time is a limit from above that a busy machine could break.
public class PaceTest {
    private static final long SLACK_NANOS = TimeUnit.MILLISECONDS.toNanos(Demand.SLACK_MILLIS);
    private static final Demand RELAXED = new Demand(Set.of(), false, Set.of(), false, false);
    private static final Demand HURRIED =
            new Demand(Set.of(TaskEvent.EXEC), false, Set.of(), false, false);

    private final Pace pace = new Pace(100);

    /// {@return the shortest of some pauses, each after a wake}
    private long pauses(boolean isWoken) {
        long least = Long.MAX_VALUE;
        for (int i = 0; i < 5; i++) {
            pace.woken(false);
            if (isWoken) {
                pace.wake();
            }
            long start = System.nanoTime();
            pace.park();
            least = Math.min(least, System.nanoTime() - start);
        }
        return least;
    }

    @Test
    public void shouldPauseAfterEachWakeIfNobodyIsInAHurry() {
        pace.demand(RELAXED);
        pace.park(); // now it knows the thread

        assertThat(pauses(false)).isGreaterThan(SLACK_NANOS / 2);
    }

    @Test
    public void shouldNotPauseWhileSomebodyIsInAHurryAndWakesAreSaved() {
        pace.demand(HURRIED);

        assertThat(pauses(false)).isLessThan(SLACK_NANOS / 2);
    }

    @Test
    public void shouldNotPauseWhenItIsWoken() {
        pace.demand(RELAXED);
        pace.park();

        assertThat(pauses(true)).isLessThan(SLACK_NANOS / 2);
    }

    @Test
    public void shouldNotPauseWhereNothingHasCome() {
        pace.demand(RELAXED);
        pace.park();
        long start = System.nanoTime();
        for (int i = 0; i < 100; i++) {
            pace.park();
        }
        assertThat(System.nanoTime() - start).isLessThan(100 * SLACK_NANOS / 2);
    }
}
