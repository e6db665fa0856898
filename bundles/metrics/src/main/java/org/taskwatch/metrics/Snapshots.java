// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.metrics;

import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.CounterSnapshot.CounterDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Exemplars;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricMetadata;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.prometheus.metrics.model.snapshots.Quantile;
import io.prometheus.metrics.model.snapshots.Quantiles;
import io.prometheus.metrics.model.snapshots.SummarySnapshot;
import io.prometheus.metrics.model.snapshots.SummarySnapshot.SummaryDataPointSnapshot;

import org.taskwatch.api.tool.Counter;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/// Counters as metrics: with the prefix `taskwatch_`; those that end with `_total` as counters, those with the label
/// `quantile` as summaries, others as gauges. Times are in seconds, as is the convention.
final class Snapshots {
    private static final String PREFIX = "taskwatch_";
    private static final String TOTAL = "_total";
    private static final String NANOSECONDS = "_nanoseconds";
    private static final String QUANTILE = "quantile";
    private static final double NANOS_PER_SECOND = 1e9;
    private static final int NOT_COUNTED = -1;

    private final Help help;

    Snapshots(Help help) {
        this.help = help;
    }

    /// {@return the metrics} Those that are the same but for their value are added up: two bundles of one name have
    /// the same labels.
    Collection<MetricSnapshot> of(List<Counter> counters) {
        Map<String, List<Counter>> byName =
                counters.stream()
                        .collect(
                                Collectors.groupingBy(
                                        Counter::name, TreeMap::new, Collectors.toList()));
        return byName.entrySet().stream()
                .map(each -> metric(each.getKey(), each.getValue()))
                .toList();
    }

    private MetricSnapshot metric(String name, List<Counter> counters) {
        boolean isTime = name.contains(NANOSECONDS);
        Map<Map<String, String>, Double> values = new HashMap<>();
        counters.forEach(each ->
                values.merge(
                        each.labels(),
                        isTime ? each.value() / NANOS_PER_SECOND : each.value(),
                        Double::sum));
        String base =
                name.endsWith(TOTAL) ? name.substring(0, name.length() - TOTAL.length()) : name;
        MetricMetadata metadata =
                new MetricMetadata(PREFIX + base.replace(NANOSECONDS, "_seconds"), help.of(name));
        if (name.endsWith(TOTAL)) {
            return new CounterSnapshot(
                    metadata,
                    values.entrySet().stream()
                            .map(each ->
                                    new CounterDataPointSnapshot(
                                            each.getValue(), labels(each.getKey()), null, 0))
                            .toList());
        } else if (counters.getFirst().labels().containsKey(QUANTILE)) {
            return summary(metadata, values);
        }
        return new GaugeSnapshot(
                metadata,
                values.entrySet().stream()
                        .map(each ->
                                new GaugeDataPointSnapshot(
                                        each.getValue(), labels(each.getKey()), null))
                        .toList());
    }

    private static SummarySnapshot summary(
            MetricMetadata metadata, Map<Map<String, String>, Double> values) {
        Map<Map<String, String>, List<Quantile>> quantiles = new HashMap<>();
        values.forEach((labels, value) -> {
            Map<String, String> others = new HashMap<>(labels);
            double which = Double.parseDouble(String.valueOf(others.remove(QUANTILE)));
            quantiles
                    .computeIfAbsent(others, _ -> new ArrayList<>())
                    .add(new Quantile(which, value));
        });
        return new SummarySnapshot(
                metadata,
                quantiles.entrySet().stream()
                        .map(each ->
                                new SummaryDataPointSnapshot(
                                        NOT_COUNTED,
                                        Double.NaN,
                                        Quantiles.of(each.getValue()),
                                        labels(each.getKey()),
                                        Exemplars.EMPTY,
                                        0))
                        .toList());
    }

    private static Labels labels(Map<String, String> labels) {
        return Labels.of(
                labels.keySet().toArray(String[]::new), labels.values().toArray(String[]::new));
    }
}
