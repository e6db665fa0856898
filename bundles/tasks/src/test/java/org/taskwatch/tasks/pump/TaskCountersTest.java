// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.tasks.pump;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.Test;
import org.taskwatch.api.Loss;
import org.taskwatch.api.tool.Counter;
import org.taskwatch.tasks.EventCounts;
import org.taskwatch.tasks.Latency;
import org.taskwatch.tasks.SourceInfo;
import org.taskwatch.tasks.Sources;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// What is counted of the sources and of the events.
public class TaskCountersTest {
    private static final Instant SINCE = Instant.parse("2026-01-02T03:04:05Z");

    private static final Sources SOURCES =
            new Sources() {
                @Override
                public List<SourceInfo> sources() {
                    return List.of(
                            new SourceInfo(
                                    "fast",
                                    SourceInfo.State.ACTIVE,
                                    "",
                                    "",
                                    7,
                                    new Latency(
                                            1, 2, 3, 4, 5, new TreeMap<>(Map.of(8L, 1L, 16L, 6L))),
                                    2,
                                    SINCE,
                                    Map.of("kernelDrops", 6L),
                                    Map.of()),
                            new SourceInfo(
                                    "slow",
                                    SourceInfo.State.STANDBY,
                                    "",
                                    "",
                                    0,
                                    Latency.NONE,
                                    0,
                                    null,
                                    Map.of(),
                                    Map.of()));
                }

                @Override
                public EventCounts counts() {
                    return new EventCounts(1, 2, 3, 4, 10);
                }
            };

    @Test
    public void shouldTellWhatEachSourceHasLostAndDone() {
        assertThat(new TaskCounters(SOURCES).counters())
                .contains(
                        Counter.lost(Loss.Place.SOURCE, "fast", 2, SINCE),
                        Counter.lost(Loss.Place.SOURCE, "slow", 0, null),
                        new Counter("source_active", "source", "fast", 1),
                        new Counter("source_active", "source", "slow", 0),
                        new Counter("source_events_total", "source", "fast", 7),
                        bucket("8", 1),
                        bucket("16", 6),
                        bucket("+Inf", 7),
                        new Counter("source_latency_nanoseconds_sum", "source", "fast", 5),
                        new Counter(
                                "source_kernel",
                                Map.of("source", "fast", "counter", "kernelDrops"),
                                6,
                                null))
                .doesNotHaveDuplicates();
    }

    private static Counter bucket(String bound, long count) {
        return new Counter(
                "source_latency_nanoseconds_bucket",
                Map.of("source", "fast", "le", bound),
                count,
                null);
    }

    @Test
    public void shouldTellWhatWasReported() {
        assertThat(new TaskCounters(SOURCES).counters())
                .contains(
                        new Counter("tasks_forks_total", 1),
                        new Counter("tasks_clones_total", 2),
                        new Counter("tasks_execs_total", 3),
                        new Counter("tasks_exits_total", 4),
                        new Counter("tasks_events_total", 10),
                        new Counter("table_tasks", 0));
    }
}
