// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.tasks.pump;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import jdk.jfr.consumer.RecordedEvent;

import org.junit.Test;
import org.taskwatch.testing.Recorded;

import java.util.List;

/// What the pump tells the flight recorder.
public class TracingTest extends PumpFixture {
    @Test
    public void shouldTellABatchWithItsSourceAndHowManyEventsItBrought() throws Exception {
        sources.add(good, 100);
        start();

        List<RecordedEvent> events =
                Recorded.during(
                        "PumpBatch",
                        () -> {
                            good.records.add(r -> live(r, 5, System.nanoTime()));
                            await().until(() -> core.lines().contains("FREE 5 0"));
                            long receives = good.receives.get();
                            await().until(() -> good.receives.get() > receives);
                        });

        assertThat(events).hasSize(1);
        assertThat(events.getFirst().getString("source")).isEqualTo("good");
        assertThat(events.getFirst().getLong("events")).isEqualTo(3);
        assertThat(events.getFirst().getThread().getJavaName()).isEqualTo("taskwatch-pump");
    }

    @Test
    public void shouldTellARepairWithTheDifferencesThatItFound() throws Exception {
        sources.add(good, 100);
        start();
        proc.process(7, 1, System.nanoTime(), "missed");

        List<RecordedEvent> events =
                Recorded.during(
                        "Repair",
                        () -> {
                            good.records.add(r -> r.lost(3, "a test", System.nanoTime()));
                            await().until(() -> core.lines().contains("repaired CLONE 7 -1"));
                            long receives = good.receives.get();
                            await().until(() -> good.receives.get() > receives);
                        });

        assertThat(events).hasSize(1);
        assertThat(events.getFirst().getLong("events")).isEqualTo(1);
        assertThat(events.getFirst().getInt("tasks")).isEqualTo(pump.tasks().tasks().size());
    }
}
