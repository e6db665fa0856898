// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.load;

import org.taskwatch.load.probe.Allowing;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// What a gate costs the command in it. Four ways by turns, beside the same instance: without a gate; with what the
/// kernel alone makes of one, answered by the shortest C program (`src/main/c/allow.c`); in a gate while no watcher is
/// asked; in a gate with one watcher, which allows.
///
/// The system properties are those of [LoadBenchmark]; `gate.rounds` says how often.
public final class GateBenchmark {
    private static final double NANOS_PER_MICRO = 1e3;
    private static final double NANOS_PER_MILLI = 1e6;
    private static final long DEADLINE_NANOS = TimeUnit.SECONDS.toNanos(60);
    private static final int POLL_MILLIS = 20;
    private static final int CALLS = 1_000;
    private static final int PAUSE_MICROS = 2_000;
    private static final int FORKS = 4_000; // of each worker
    private static final int FILES = 100;

    /// Makes the project anew, and prints how many nanoseconds that took.
    private static final String TIMED_MAKE =
            "make -s clean; a=$(date +%s%N); make -s -j2; b=$(date +%s%N); echo $((b - a))";

    private enum Way {
        PLAIN("not gated"),
        FLOOR("answered by a C program"),
        UNASKED("gated, nobody asked"),
        ASKED("gated, one watcher");

        private final String text;

        Way(String text) {
            this.text = text;
        }
    }

    private final Path distribution = Path.of(System.getProperty("load.distribution"));
    private final Path folder = Path.of(System.getProperty("load.folder")).resolve("gate");
    private final Path base = folder.resolve("base");
    private final Control control = new Control(base.resolve("run/control"));
    private final Figures figures = new Figures();
    private final Compile project;

    private GateBenchmark() throws IOException, InterruptedException {
        Files.createDirectories(base.resolve("deploy"));
        Command.run(folder, "find", "base", "-mindepth", "1", "-delete");
        Path source = Path.of(System.getProperty("load.source"));
        Generator.compile(source.resolve("storm.c"), folder);
        Command.compile(source.resolve("allow.c"), folder.resolve("allow"));
        project = Compile.generate(folder.resolve("project"), FILES);
    }

    /// Runs it, and prints a table.
    ///
    /// @param args none
    /// @throws Exception if something fails, or there is no gcc
    public static void main(String[] args) throws Exception {
        new GateBenchmark().run(Integer.getInteger("gate.rounds"));
    }

    private void run(int rounds) throws Exception {
        Path output = folder.resolve("output");
        try (Child instance = new Child(output, base, command(), "run")) {
            await(() ->
                    Files.readString(output).contains("taskwatch ready") || !instance.isAlive());
            ProbeBundle.build(folder.resolve("allowing.jar"), Allowing.class);
            Files.copy(folder.resolve("allowing.jar"), base.resolve("deploy/allowing.jar"));
            await(() -> control.execute("task:watchers").contains(Allowing.class.getName()));
            for (int round = 0; round <= rounds; round++) {
                List<Way> ways = new ArrayList<>(List.of(Way.values()));
                Collections.rotate(ways, round);
                for (Way way : ways) {
                    measure(way, round > 0);
                }
            }
            System.out.print(figures);
        }
    }

    private void measure(Way way, boolean isCounted) throws Exception {
        control.execute(
                (way == Way.ASKED ? "task:register " : "task:unregister ")
                        + Allowing.class.getName());
        Figures to = isCounted ? figures : new Figures(); // the first round warms up
        String[] calls = storm(way, "calls", CALLS, PAUSE_MICROS);
        to.add("fork, p50 us, " + way.text, Long.parseLong(calls[0]) / NANOS_PER_MICRO);
        to.add("fork, p99 us, " + way.text, Long.parseLong(calls[1]) / NANOS_PER_MICRO);
        for (int workers = 1; workers <= 2; workers++) {
            String[] counts = storm(way, "fork", workers, FORKS);
            double perFork = Double.parseDouble(counts[3]) / workers / FORKS;
            to.add(
                    "fork x %d, us a fork, %s".formatted(workers, way.text),
                    perFork / NANOS_PER_MICRO);
        }
        String nanos = execute(project.folder(), way, "sh", "-c", TIMED_MAKE);
        to.add("make -j2, ms, " + way.text, Long.parseLong(nanos) / NANOS_PER_MILLI);
        if (way == Way.UNASKED) {
            long before = System.nanoTime();
            execute(folder, way, "true");
            to.add("taskwatch gate true, ms", (System.nanoTime() - before) / NANOS_PER_MILLI);
        }
    }

    private String[] storm(Way way, String kind, int first, int second) throws Exception {
        String program = folder.resolve(Generator.NAME).toString();
        return execute(folder, way, program, kind, "" + first, "" + second).split(" ");
    }

    private String execute(Path directory, Way way, String... words) throws Exception {
        List<String> command = new ArrayList<>(words(way));
        Collections.addAll(command, words);
        return Command.run(directory, command.toArray(String[]::new)).text();
    }

    private List<String> words(Way way) {
        return switch (way) {
            case PLAIN -> List.of();
            case FLOOR -> List.of(folder.resolve("allow").toString());
            case UNASKED, ASKED -> List.of(command(), "gate", "--base", base.toString(), "--");
        };
    }

    private String command() {
        return distribution.resolve("bin/taskwatch").toString();
    }

    private interface Condition {
        boolean holds() throws IOException;
    }

    private static void await(Condition condition) throws IOException, InterruptedException {
        long start = System.nanoTime();
        while (!condition.holds()) {
            if (System.nanoTime() - start > DEADLINE_NANOS) {
                throw new IOException("the instance does not get ready");
            }
            Thread.sleep(POLL_MILLIS);
        }
    }
}
