// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.tasks.pump;

import org.jspecify.annotations.Nullable;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.taskwatch.api.Loss;
import org.taskwatch.api.tool.Counter;
import org.taskwatch.api.tool.Counters;
import org.taskwatch.api.tool.TaskTable;
import org.taskwatch.tasks.EventCounts;
import org.taskwatch.tasks.Latency;
import org.taskwatch.tasks.SourceInfo;
import org.taskwatch.tasks.Sources;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// What this bundle counts: of each source, of the events that are reported, and of the table.
@Component
public final class TaskCounters implements Counters {
    private static final String SOURCE = "source";

    private final Sources sources;

    /// Not there before the table is filled. Written by the component runtime, read by all.
    @Reference(cardinality = ReferenceCardinality.OPTIONAL, policy = ReferencePolicy.DYNAMIC)
    private volatile @Nullable TaskTable table;

    /// Made by the component runtime.
    ///
    /// @param sources what they are of
    @Activate
    public TaskCounters(@Reference Sources sources) {
        this.sources = sources;
    }

    @Override
    public List<Counter> counters() {
        List<Counter> all = new ArrayList<>();
        sources.sources().forEach(source -> add(all, source));
        EventCounts counts = sources.counts();
        all.add(new Counter("tasks_events_total", counts.events()));
        all.add(new Counter("tasks_forks_total", counts.forks()));
        all.add(new Counter("tasks_clones_total", counts.clones()));
        all.add(new Counter("tasks_execs_total", counts.execs()));
        all.add(new Counter("tasks_exits_total", counts.exits()));
        TaskTable filled = table;
        all.add(new Counter("table_tasks", filled == null ? 0 : filled.tasks().size()));
        return all;
    }

    private static void add(List<Counter> all, SourceInfo source) {
        String name = source.name();
        all.add(Counter.lost(Loss.Place.SOURCE, name, source.lost(), source.lostSince()));
        boolean isActive = source.state() == SourceInfo.State.ACTIVE;
        all.add(new Counter("source_active", SOURCE, name, isActive ? 1 : 0));
        all.add(new Counter("source_events_total", SOURCE, name, source.events()));
        Latency latency = source.latency();
        if (isActive || source.events() > 0) {
            all.addAll(
                    Counter.histogram(
                            "source_latency_nanoseconds",
                            Map.of(SOURCE, name),
                            latency.below(),
                            source.events(),
                            latency.sumNanos()));
        }
        source.counters()
                .forEach((counter, value) ->
                        all.add(
                                new Counter(
                                        "source_kernel",
                                        Map.of(SOURCE, name, "counter", counter),
                                        value,
                                        null)));
    }
}
