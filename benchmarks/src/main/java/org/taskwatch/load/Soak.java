// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.load;

import org.taskwatch.load.Load.Done;
import org.taskwatch.load.Observer.Latency;
import org.taskwatch.load.Observer.Seen;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.ToLongFunction;

/// Watches a steady load for long, and looks whether anything grows.
///
/// @param taskwatch an instance with the probe
/// @param load the load
/// @param sampleSeconds how often to look
record Soak(Taskwatch taskwatch, Load load, int sampleSeconds) {
    private static final String HEAD =
            """
            | minutes | CPU % | RSS MiB | descriptors | threads | seen | lost | p50 us | p99 us | p99.9 us | max us |
            |---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|\
            """;

    private static final double NANOS_PER_MICRO = 1e3;
    private static final double NANOS_PER_SECOND = 1e9;
    private static final double KILOBYTES_PER_MEGABYTE = 1024;
    private static final double PERCENT = 100;
    private static final double SECONDS_PER_MINUTE = 60;

    /// How it was over one interval, and at its end.
    private record Sample(
            double seconds,
            double cpu,
            long residentKilobytes,
            long descriptors,
            long threads,
            Seen seen,
            Latency latency) {
        @Override
        public String toString() {
            return String.format(
                    Locale.ROOT,
                    "| %.1f | %.1f | %.1f | %d | %d | %,d | %,d | %.0f | %.0f | %.0f | %.0f |",
                    seconds / SECONDS_PER_MINUTE,
                    cpu * PERCENT,
                    residentKilobytes / KILOBYTES_PER_MEGABYTE,
                    descriptors,
                    threads,
                    seen.events(),
                    seen.lost(),
                    latency.p50() / NANOS_PER_MICRO,
                    latency.p99() / NANOS_PER_MICRO,
                    latency.p999() / NANOS_PER_MICRO,
                    latency.max() / NANOS_PER_MICRO);
        }
    }

    /// Runs it, and prints what it finds.
    ///
    /// @return whether every event of the load was seen
    boolean run() throws IOException, InterruptedException, ExecutionException {
        taskwatch.begin();
        FutureTask<Done> running = new FutureTask<>(() -> load.run(taskwatch));
        Thread thread = new Thread(running, "load");
        thread.setDaemon(true);
        System.out.println(HEAD);
        List<Sample> samples = sampleUntilEnd(running, thread);
        Done done = running.get();
        Seen rest = taskwatch.end(done);
        System.out.println();
        System.out.println("resident memory in kB: " + trend(samples, Sample::residentKilobytes));
        System.out.println("file descriptors: " + trend(samples, Sample::descriptors));
        System.out.println("threads: " + trend(samples, Sample::threads));
        System.out.println("latency p99 in ns: " + trend(samples, s -> s.latency().p99()));
        long seen = rest.events() + samples.stream().mapToLong(s -> s.seen().events()).sum();
        System.out.printf(Locale.ROOT, "caused %,d, seen %,d events%n", done.events(), seen);
        return seen == done.events();
    }

    private List<Sample> sampleUntilEnd(FutureTask<Done> running, Thread thread)
            throws IOException, InterruptedException, ExecutionException {
        List<Sample> samples = new ArrayList<>();
        long begin = System.nanoTime();
        long last = begin;
        long cpuBefore = taskwatch.process().cpuNanos();
        thread.start();
        while (!isOver(running)) {
            long now = System.nanoTime();
            long cpu = taskwatch.process().cpuNanos();
            Sample sample =
                    sample(
                            (now - begin) / NANOS_PER_SECOND,
                            (double) (cpu - cpuBefore) / (now - last));
            System.out.println(sample);
            samples.add(sample);
            last = now;
            cpuBefore = cpu;
        }
        return samples;
    }

    /// Waits for the time of the next sample.
    private boolean isOver(FutureTask<Done> running)
            throws InterruptedException, ExecutionException {
        try {
            running.get(sampleSeconds, TimeUnit.SECONDS);
            return true;
        } catch (TimeoutException e) {
            return false;
        }
    }

    private Sample sample(double seconds, double cpu) throws IOException {
        Observed process = taskwatch.process();
        Seen seen = taskwatch.seen();
        return new Sample(
                seconds,
                cpu,
                process.residentKilobytes(),
                process.descriptors().size(),
                process.threads(),
                seen,
                Objects.requireNonNull(seen.latency(), "the instance has the probe"));
    }

    /// {@return the median of the first quarter of the samples, and of the last}
    private static String trend(List<Sample> samples, ToLongFunction<Sample> figure) {
        int quarter = Math.max(1, samples.size() / 4);
        return String.format(
                Locale.ROOT,
                "%,d in the first quarter, %,d in the last",
                median(samples.subList(0, quarter), figure),
                median(samples.subList(samples.size() - quarter, samples.size()), figure));
    }

    private static long median(List<Sample> samples, ToLongFunction<Sample> figure) {
        return samples.stream()
                .mapToLong(figure)
                .sorted()
                .skip(samples.size() / 2)
                .findFirst()
                .orElse(0);
    }
}
