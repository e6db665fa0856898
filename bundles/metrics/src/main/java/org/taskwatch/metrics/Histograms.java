// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.metrics;

import io.prometheus.metrics.model.snapshots.ClassicHistogramBuckets;
import io.prometheus.metrics.model.snapshots.Exemplars;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot.HistogramDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;

import org.taskwatch.api.tool.Counter;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/// The counters that are those of histograms, see [Counter#histogram], as histograms. For one thread.
final class Histograms {
    private static final String ALL = "+Inf";

    /// By the name of the histogram, then by its labels.
    private final Map<String, Map<Map<String, String>, Data>> all = new TreeMap<>();

    private static final class Data {
        private final SortedMap<Double, Long> atMost = new TreeMap<>();
        private double sum;

        /// {@return the buckets, each with what the one before has not}
        private ClassicHistogramBuckets buckets() {
            List<Long> counts = new ArrayList<>();
            long before = 0;
            for (long count : atMost.values()) {
                counts.add(Math.max(0, count - before)); // not all are read at one moment
                before = Math.max(before, count);
            }
            return ClassicHistogramBuckets.of(List.copyOf(atMost.keySet()), counts);
        }
    }

    /// Takes a counter, if it is one of a histogram.
    ///
    /// @param counter perhaps one
    /// @return whether it was
    boolean take(Counter counter) {
        String name = counter.name();
        if (name.endsWith(Counter.SUM)) {
            String histogram = without(Counter.SUM, name);
            data(histogram, counter.labels()).sum = Convention.value(histogram, counter.value());
            return true;
        }
        Map<String, String> labels = new HashMap<>(counter.labels());
        String bound = labels.remove(Counter.AT_MOST);
        if (bound == null || !name.endsWith(Counter.BUCKET)) {
            return false;
        }
        String histogram = without(Counter.BUCKET, name);
        data(histogram, labels).atMost.put(bound(histogram, bound), counter.value());
        return true;
    }

    private static String without(String suffix, String name) {
        return name.substring(0, name.length() - suffix.length());
    }

    private static double bound(String histogram, String bound) {
        return bound.equals(ALL)
                ? Double.POSITIVE_INFINITY
                : Convention.value(histogram, Double.parseDouble(bound));
    }

    private Data data(String histogram, Map<String, String> labels) {
        return all.computeIfAbsent(histogram, _ -> new HashMap<>())
                .computeIfAbsent(labels, _ -> new Data());
    }

    /// {@return the histograms that have been taken}
    ///
    /// @param help knows what they mean
    List<MetricSnapshot> metrics(Help help) {
        List<MetricSnapshot> metrics = new ArrayList<>();
        all.forEach((name, byLabels) -> metrics.add(metric(name, help, byLabels)));
        return metrics;
    }

    private static MetricSnapshot metric(
            String name, Help help, Map<Map<String, String>, Data> byLabels) {
        return new HistogramSnapshot(
                Convention.metadata(name, help.of(name)),
                byLabels.entrySet().stream()
                        .map(each -> point(each.getKey(), each.getValue()))
                        .toList());
    }

    private static HistogramDataPointSnapshot point(Map<String, String> labels, Data data) {
        return new HistogramDataPointSnapshot(
                data.buckets(), data.sum, Convention.labels(labels), Exemplars.EMPTY, 0);
    }
}
