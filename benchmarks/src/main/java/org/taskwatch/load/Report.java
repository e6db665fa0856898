// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.load;

import org.taskwatch.load.Observer.Latency;
import org.taskwatch.load.Rounds.Result;

import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.function.ToDoubleFunction;
import java.util.stream.DoubleStream;

/// The results as a Markdown table: medians of the rounds; of counts, the sums.
record Report(List<Result> results) {
    private static final String HEAD =
            """
            | load | with | tasks/s | to nothing, median (lowest to highest) | caused | seen | lost |\
             CPU us/task | RSS MiB | p50 us | p99 us | p99.9 us | max us |
            |---|---|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|
            """;

    private static final double NANOS_PER_MICRO = 1e3;
    private static final double NANOS_PER_SECOND = 1e9;
    private static final double KILOBYTES_PER_MEGABYTE = 1024;

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder(HEAD);
        for (String load : results.stream().map(Result::load).distinct().toList()) {
            List<Result> ofLoad = results.stream().filter(r -> r.load().equals(load)).toList();
            for (String observer :
                    ofLoad.stream().map(Result::observer).distinct().sorted().toList()) {
                List<Result> row =
                        ofLoad.stream().filter(r -> r.observer().equals(observer)).toList();
                text.append(
                        "| %s | %s | %s | %s | %s |%n"
                                .formatted(load, observer, rate(row), counts(row), costs(row)));
            }
        }
        return text.toString();
    }

    private String rate(List<Result> row) {
        double[] ratios = row.stream().mapToDouble(this::ratio).sorted().toArray();
        return String.format(
                Locale.ROOT,
                "%,.0f | %.3f (%.3f to %.3f)",
                median(row, r -> r.done().tasks() * NANOS_PER_SECOND / r.done().nanos()),
                median(row, this::ratio),
                ratios[0],
                ratios[ratios.length - 1]);
    }

    /// {@return how fast it was, relative to the same load with nobody in the same round}
    private double ratio(Result result) {
        return results.stream()
                        .filter(r -> r.observer().equals(Observer.NOBODY))
                        .filter(r -> r.load().equals(result.load()) && r.round() == result.round())
                        .mapToDouble(r -> r.done().nanos())
                        .findFirst()
                        .orElseThrow()
                / result.done().nanos();
    }

    private static String counts(List<Result> row) {
        if (row.getFirst().observer().equals(Observer.NOBODY)) {
            return " | | ";
        }
        long caused = row.stream().mapToLong(r -> r.done().events()).sum();
        long seen = row.stream().mapToLong(r -> r.seen().events()).sum();
        long lost = row.stream().mapToLong(r -> r.seen().lost()).sum();
        return String.format(
                Locale.ROOT,
                "%s | %s | %,d",
                caused == 0 ? "" : String.format(Locale.ROOT, "%,d", caused),
                caused == 0 || seen < 0 ? "" : String.format(Locale.ROOT, "%,d", seen),
                lost);
    }

    private static String costs(List<Result> row) {
        if (row.getFirst().observer().equals(Observer.NOBODY)) {
            return " | | | | | ";
        }
        return String.format(
                Locale.ROOT,
                "%.2f | %.0f | %s",
                median(row, r -> r.cpuNanos() / NANOS_PER_MICRO / r.done().tasks()),
                median(row, r -> r.residentKilobytes() / KILOBYTES_PER_MEGABYTE),
                latency(row));
    }

    private static String latency(List<Result> row) {
        List<Latency> all =
                row.stream().map(r -> r.seen().latency()).filter(Objects::nonNull).toList();
        if (all.isEmpty() || row.getFirst().done().events() == 0) {
            return " | | | ";
        }
        return String.format(
                Locale.ROOT,
                "%.0f | %.0f | %.0f | %.0f",
                median(all, l -> l.p50() / NANOS_PER_MICRO),
                median(all, l -> l.p99() / NANOS_PER_MICRO),
                median(all, l -> l.p999() / NANOS_PER_MICRO),
                all.stream().mapToDouble(l -> l.max() / NANOS_PER_MICRO).max().orElseThrow());
    }

    private static <T> double median(List<T> values, ToDoubleFunction<T> figure) {
        double[] sorted = values.stream().mapToDouble(figure).sorted().toArray();
        int middle = sorted.length / 2;
        return DoubleStream.of(sorted[middle], sorted[(sorted.length - 1) / 2])
                .average()
                .orElseThrow();
    }
}
