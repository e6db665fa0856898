// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.metrics;

import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricMetadata;

import java.util.Map;

/// What counters are called by the convention of Prometheus: with the prefix `taskwatch_`, and in seconds where
/// they are in nanoseconds.
final class Convention {
    private static final String PREFIX = "taskwatch_";
    private static final String NANOSECONDS = "_nanoseconds";
    private static final double NANOS_PER_SECOND = 1e9;

    private Convention() {}

    /// {@return what a metric is called and means}
    ///
    /// @param name of the counter, without what tells its kind, as `_total`
    /// @param meaning one line
    static MetricMetadata metadata(String name, String meaning) {
        return new MetricMetadata(PREFIX + name.replace(NANOSECONDS, "_seconds"), meaning);
    }

    /// {@return the value of a counter, in the unit of the metric}
    static double value(String name, double value) {
        return name.contains(NANOSECONDS) ? value / NANOS_PER_SECOND : value;
    }

    static Labels labels(Map<String, String> labels) {
        return Labels.of(
                labels.keySet().toArray(String[]::new), labels.values().toArray(String[]::new));
    }
}
