// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.core;

import org.openjdk.jmh.infra.BenchmarkParams;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;

import java.util.Collection;
import java.util.List;
import java.util.Locale;

/// The results of one run as a Markdown table.
final class Table {
    private static final String BASE = "plainLoop";

    private static final String HEAD =
            """
            | case | with | threads | ns/op | lowest | error | B/op | to the plain loop |
            |---|---|---:|---:|---:|---:|---:|---:|
            """;

    /// One line.
    ///
    /// @param name the name of the benchmark
    /// @param with what it was measured with
    /// @param threads how many threads did it, each
    /// @param nanos the time of one operation, the median of the iterations: the mean is of little
    ///     use on a machine that is shared
    /// @param lowest the time of one operation in the fastest iteration
    /// @param error half the 99.9 % confidence interval of the mean
    /// @param bytes what one operation allocates, negative if unknown
    private record Row(
            String name,
            String with,
            int threads,
            double nanos,
            double lowest,
            double error,
            double bytes) {
        static Row of(RunResult run) {
            Result<?> time = run.getPrimaryResult();
            Result<?> bytes = run.getSecondaryResults().get("gc.alloc.rate.norm");
            return new Row(
                    time.getLabel(),
                    with(run),
                    run.getParams().getThreads(),
                    time.getStatistics().getPercentile(50),
                    time.getStatistics().getMin(),
                    time.getScoreError(),
                    bytes == null ? -1 : bytes.getScore());
        }

        private static String with(RunResult run) {
            BenchmarkParams parameters = run.getParams();
            for (String count : List.of("watchers", "targets")) {
                if (parameters.getParamsKeys().contains(count)) {
                    return parameters.getParam(count);
                }
            }
            boolean loaded = Boolean.parseBoolean(parameters.getParam("loaded"));
            return parameters.getParam("modules") + (loaded ? " loaded" : " idle");
        }

        boolean isComparable(Row other) {
            return with.equals(other.with) && threads == other.threads;
        }
    }

    private final List<Row> rows;

    Table(Collection<RunResult> results) {
        rows = results.stream().map(Row::of).toList();
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder(HEAD);
        for (Row row : rows) {
            text.append(
                    String.format(
                            Locale.ROOT,
                            "| %s | %s | %d | %,.2f | %,.2f | %,.2f | %,.0f | %s |%n",
                            row.name(),
                            row.with(),
                            row.threads(),
                            row.nanos(),
                            row.lowest(),
                            row.error(),
                            row.bytes(),
                            ratio(row)));
        }
        return text.toString();
    }

    private String ratio(Row row) {
        Row base =
                rows.stream()
                        .filter(other -> other.name().equals(BASE) && other.isComparable(row))
                        .findFirst()
                        .orElse(null);
        return base == null ? "" : String.format(Locale.ROOT, "%,.2f", row.nanos() / base.nanos());
    }
}
