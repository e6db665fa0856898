// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.core;

import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// Runs the benchmarks and prints one table of them all.
public final class Benchmarks {
    private static final String ALL = "org\\.taskwatch\\.(core|kmonitor|locals)\\.";
    private static final String COMPARED = "NotifyBenchmark\\.(plainLoop|sync)";

    /// Without it, the compiler forgets the practice with other watchers where one is measured alone,
    /// and inlines that.
    private static final String MEGAMORPHIC = "-XX:TypeProfileMajorReceiverPercent=100";

    /// As `bin/taskwatch` runs an instance.
    private static final List<String> SHIPPED =
            List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1");

    private Benchmarks() {}

    /// Runs them.
    ///
    /// @param args `full`, on a JVM as it is shipped, `c2`, on one that optimizes, or `smoke` to find out
    ///     within seconds whether all of them run
    /// @throws RunnerException if one fails
    public static void main(String[] args) throws RunnerException {
        Collection<RunResult> results =
                switch (args.length == 1 ? args[0] : "") {
                    case "full" -> full(SHIPPED);
                    case "c2" -> full(List.of());
                    case "smoke" -> new Runner(smoke().build()).run();
                    default ->
                            throw new IllegalArgumentException("usage: Benchmarks full|c2|smoke");
                };
        System.out.println();
        System.out.print(new Table(results));
    }

    private static List<RunResult> full(List<String> jvm) throws RunnerException {
        List<RunResult> results = new ArrayList<>(new Runner(measured(ALL, jvm).build()).run());
        results.addAll(
                new Runner(measured(COMPARED, jvm).param("watchers", "8").threads(2).build())
                        .run());
        return results;
    }

    private static ChainedOptionsBuilder measured(String which, List<String> jvm) {
        List<String> arguments = new ArrayList<>(jvm);
        arguments.add(MEGAMORPHIC);
        return options(which)
                .jvmArgsAppend(arguments.toArray(String[]::new))
                .forks(2)
                .warmupIterations(3)
                .warmupTime(TimeValue.milliseconds(300))
                .measurementIterations(5)
                .measurementTime(TimeValue.milliseconds(300));
    }

    private static ChainedOptionsBuilder smoke() {
        return options(ALL)
                .verbosity(VerboseMode.SILENT)
                .param("watchers", "8")
                .param("modules", "1")
                .param("loaded", "false")
                .param("targets", "1")
                .forks(0)
                .warmupIterations(0)
                .measurementIterations(1)
                .measurementTime(TimeValue.milliseconds(10));
    }

    private static ChainedOptionsBuilder options(String which) {
        return new OptionsBuilder()
                .include(which)
                .mode(Mode.AverageTime)
                .timeUnit(TimeUnit.NANOSECONDS)
                .addProfiler(GCProfiler.class)
                .shouldFailOnError(true);
    }
}
