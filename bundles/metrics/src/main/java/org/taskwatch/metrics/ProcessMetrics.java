// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.metrics;

import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.CounterSnapshot.CounterDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricMetadata;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// What this process is and uses, by the names that all clients of Prometheus have for it.
final class ProcessMetrics {
    private static final Path SELF = Path.of("/proc/self");

    /// A line of `/proc/self/status`, see `proc_pid_status(5)`.
    private static final Pattern RESIDENT = Pattern.compile("VmRSS:\\s+(\\d+) kB");

    private static final double NANOS_PER_SECOND = 1e9;
    private static final double MILLIS_PER_SECOND = 1e3;
    private static final int KIB = 1024;

    private ProcessMetrics() {}

    /// {@return them as they are now}
    ///
    /// @throws IOException if `/proc` can't be read
    static List<MetricSnapshot> now() throws IOException {
        ProcessHandle.Info process = ProcessHandle.current().info();
        Runtime heap = Runtime.getRuntime();
        return List.of(
                new CounterSnapshot(
                        new MetricMetadata(
                                "process_cpu_seconds", "User and system time of this instance."),
                        List.of(
                                new CounterDataPointSnapshot(
                                        process.totalCpuDuration().orElseThrow().toNanos()
                                                / NANOS_PER_SECOND,
                                        Labels.EMPTY,
                                        null,
                                        0))),
                gauge(
                        "process_start_time_seconds",
                        "When it was started, in seconds since 1970.",
                        process.startInstant().orElseThrow().toEpochMilli() / MILLIS_PER_SECOND),
                gauge("process_resident_memory_bytes", "Its resident memory.", resident()),
                gauge("process_open_fds", "Its open file descriptors.", descriptors()),
                gauge(
                        "jvm_memory_used_bytes",
                        "The part of its heap that is in use.",
                        heap.totalMemory() - heap.freeMemory()));
    }

    private static GaugeSnapshot gauge(String name, String help, double value) {
        return new GaugeSnapshot(
                new MetricMetadata(name, help),
                List.of(new GaugeDataPointSnapshot(value, Labels.EMPTY, null)));
    }

    private static double resident() throws IOException {
        Matcher line = RESIDENT.matcher(Files.readString(SELF.resolve("status")));
        if (!line.find()) {
            throw new IOException("/proc/self/status has no line VmRSS");
        }
        return Double.parseDouble(line.group(1)) * KIB;
    }

    /// One more is open while they are counted.
    private static long descriptors() throws IOException {
        try (Stream<Path> all = Files.list(SELF.resolve("fd"))) {
            return all.count() - 1;
        }
    }
}
