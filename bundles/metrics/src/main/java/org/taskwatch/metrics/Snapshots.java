// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.metrics;

import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.CounterSnapshot.CounterDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.MetricMetadata;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;

import org.taskwatch.api.tool.Counter;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/// Counters as metrics: those that end with `_total` as counters, those of histograms as these, others as gauges.
final class Snapshots {
    private static final String TOTAL = "_total";

    private final Help help;

    Snapshots(Help help) {
        this.help = help;
    }

    /// {@return the metrics} Those that are the same but for their value are added up: two bundles of one name have
    /// the same labels.
    Collection<MetricSnapshot> of(List<Counter> counters) {
        Histograms histograms = new Histograms();
        Map<String, List<Counter>> byName =
                counters.stream()
                        .filter(counter -> !histograms.take(counter))
                        .collect(
                                Collectors.groupingBy(
                                        Counter::name, TreeMap::new, Collectors.toList()));
        List<MetricSnapshot> metrics = new ArrayList<>(histograms.metrics(help));
        byName.forEach((name, each) -> metrics.add(metric(name, each)));
        return metrics;
    }

    private MetricSnapshot metric(String name, List<Counter> counters) {
        Map<Map<String, String>, Double> values = new HashMap<>();
        counters.forEach(each ->
                values.merge(each.labels(), Convention.value(name, each.value()), Double::sum));
        String base =
                name.endsWith(TOTAL) ? name.substring(0, name.length() - TOTAL.length()) : name;
        MetricMetadata metadata = Convention.metadata(base, help.of(name));
        if (name.endsWith(TOTAL)) {
            return new CounterSnapshot(
                    metadata,
                    values.entrySet().stream()
                            .map(each ->
                                    new CounterDataPointSnapshot(
                                            each.getValue(),
                                            Convention.labels(each.getKey()),
                                            null,
                                            0))
                            .toList());
        }
        return new GaugeSnapshot(
                metadata,
                values.entrySet().stream()
                        .map(each ->
                                new GaugeDataPointSnapshot(
                                        each.getValue(), Convention.labels(each.getKey()), null))
                        .toList());
    }
}
