// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.load;

import org.jspecify.annotations.Nullable;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// What an instance costs its machine while nobody uses it: to start, to be asked, to stop, and to be
/// there. Beside it, by turns, Felix with the same bundles of others ([BareFelix]), as a JVM runs it
/// without options.
///
/// The system properties are those of [LoadBenchmark]; `start.rounds` says how often, and
/// `start.idle` how many seconds nothing happens.
public final class StartBenchmark {
    private static final double NANOS_PER_MILLI = 1e6;
    private static final double KILOBYTES_PER_MEGABYTE = 1024;
    private static final long DEADLINE_NANOS = TimeUnit.SECONDS.toNanos(60);
    private static final int POLL_MILLIS = 2;
    private static final int FORKS = 8_000;
    private static final int ASKED = 5;
    private static final int LATER_MILLIS = 3_000;

    private final Path distribution = Path.of(System.getProperty("load.distribution"));
    private final Path folder = Path.of(System.getProperty("load.folder")).resolve("start");
    private final int rounds = Integer.getInteger("start.rounds");
    private final int idleSeconds = Integer.getInteger("start.idle");
    private final Figures figures = new Figures();
    private final Generator storm;

    private StartBenchmark() throws IOException, InterruptedException {
        Files.createDirectories(folder);
        Command.run(folder, "find", ".", "-mindepth", "1", "-delete");
        Path source = Path.of(System.getProperty("load.source"));
        storm = Generator.compile(source.resolve("storm.c"), folder);
    }

    /// Runs it, and prints a table.
    ///
    /// @param args none
    /// @throws Exception if something does not start, or there is no gcc
    public static void main(String[] args) throws Exception {
        StartBenchmark benchmark = new StartBenchmark();
        benchmark.startInstance("warm up, not counted: ").close();
        for (int round = 0; round < benchmark.rounds; round++) {
            benchmark.startAndStop();
            benchmark.bareFelix();
            benchmark.load();
        }
        benchmark.idle();
        System.out.print(benchmark.figures);
    }

    private void startAndStop() throws Exception {
        try (Child instance = startInstance("")) {
            for (int i = 0; i < ASKED; i++) {
                figures.add("status, ms", taskwatch("status"));
            }
            stop(instance, "stop, right after it was ready, ms");
        }
    }

    private void load() throws Exception {
        try (Child instance = startInstance("")) {
            long before = instance.observed().cpuNanos();
            storm.storm("fork", 1, FORKS).run(Observer.nobody());
            instance.observed().awaitQuiet();
            figures.add("first 8,000 forks, CPU ms", cpuMillis(instance, before));
            Thread.sleep(LATER_MILLIS);
            stop(instance, "stop, later, ms");
        }
    }

    private void idle() throws Exception {
        try (Child instance = startInstance("")) {
            for (String when : List.of("first", "later")) {
                long before = instance.observed().cpuNanos();
                TimeUnit.SECONDS.sleep(idleSeconds);
                double share = cpuMillis(instance, before) / (idleSeconds * 10.0);
                figures.add("nothing happens, " + when + ", % of a core", share);
            }
            figures.add("resident, idle, MiB", megabytes(instance));
        }
    }

    private void bareFelix() throws Exception {
        String java = ProcessHandle.current().info().command().orElseThrow();
        Path storage = folder.resolve("felix");
        String[] words = {
            java,
            "--sun-misc-unsafe-memory-access=allow",
            "-cp",
            absolute(System.getProperty("java.class.path")),
            BareFelix.class.getName(),
            distribution.toString(),
            storage.toString()
        };
        try (Child felix = start("bare Felix: ", null, BareFelix.READY, words)) {
            felix.signal("TERM");
            felix.awaitEnd();
        }
    }

    private static String absolute(String classPath) {
        return String.join(
                File.pathSeparator,
                List.of(classPath.split(File.pathSeparator)).stream()
                        .map(entry -> Path.of(entry).toAbsolutePath().toString())
                        .toList());
    }

    private Child startInstance(String name) throws Exception {
        return start(name, base(), "taskwatch ready", command(), "run");
    }

    private Child start(String name, @Nullable Path base, String ready, String... words)
            throws Exception {
        Path output = folder.resolve("output");
        long before = System.nanoTime();
        Child child = new Child(output, base, words);
        while (!Files.readString(output).contains(ready)) {
            if (!child.isAlive() || System.nanoTime() - before > DEADLINE_NANOS) {
                child.close();
                throw new IOException(words[0] + " did not start: " + Files.readString(output));
            }
            Thread.sleep(POLL_MILLIS);
        }
        figures.add(name + "start to ready, ms", (System.nanoTime() - before) / NANOS_PER_MILLI);
        figures.add(name + "start to ready, CPU ms", cpuMillis(child, 0));
        figures.add(name + "resident when ready, MiB", megabytes(child));
        return child;
    }

    private void stop(Child instance, String name) throws Exception {
        figures.add(name, taskwatch("stop"));
        instance.awaitEnd();
    }

    /// {@return how long a command takes, in milliseconds}
    private double taskwatch(String word) throws IOException, InterruptedException {
        long before = System.nanoTime();
        Command.run(folder, command(), word, "--base", base().toString());
        return (System.nanoTime() - before) / NANOS_PER_MILLI;
    }

    private String command() {
        return distribution.resolve("bin/taskwatch").toString();
    }

    private Path base() {
        return folder.resolve("base");
    }

    private static double cpuMillis(Child child, long before) {
        return (child.observed().cpuNanos() - before) / NANOS_PER_MILLI;
    }

    private static double megabytes(Child child) throws IOException {
        return child.observed().residentKilobytes() / KILOBYTES_PER_MEGABYTE;
    }
}
