// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.load;

import org.jspecify.annotations.Nullable;
import org.taskwatch.load.probe.Probe;
import org.taskwatch.source.connector.BurstBenchmark;
import org.taskwatch.tasks.table.LifeCost;
import org.taskwatch.tasks.table.TableMemory;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/// What watching costs under load. Takes one argument:
///
/// - `full`: all loads with all observers, `load.rounds` rounds, and one to warm up; of the loads only those
///   whose names `load.only`, a regular expression, is found in;
/// - `smoke`: a tiny round, to find out within seconds whether it works;
/// - `soak`: 2,000 forks a second, for `load.minutes`;
/// - `memory`: what the table of tasks needs for `load.tasks`;
/// - `burst`: what a wake costs before and after a burst of `load.tasks`.
///
/// The system properties `load.distribution`, `load.source` and `load.folder` are the unpacked
/// distribution, the folder of the C sources and that for all that it writes.
public final class LoadBenchmark {
    private static final int WARM_UP = 1;
    private static final int STEADY_RATE = 2_000;
    private static final int EVERYDAY_RATE = 100;
    private static final int EVERYDAY_SECONDS = 5;
    private static final int QUIET_RATE = 20; // for the latency while little happens
    private static final int QUIET_SECONDS = 3;
    private static final int SECONDS_PER_MINUTE = 60;
    private static final int SAMPLES_PER_SOAK = 40;

    private static final List<String> SOURCES = List.of("ebpf", "connector");

    private final Path distribution = Path.of(System.getProperty("load.distribution"));
    private final Path programs = Path.of(System.getProperty("load.source"));
    private final Path folder = Path.of(System.getProperty("load.folder"));
    private final List<Observer> observers = new ArrayList<>();

    private LoadBenchmark() {}

    /// Runs it. The exit status is 1 if what it needs is missing; but for `smoke` that is no
    /// failure, only told.
    ///
    /// @param args see above
    /// @throws Exception if it fails
    public static void main(String[] args) throws Exception {
        String mode = args.length == 1 ? args[0] : "";
        try {
            switch (mode) {
                case "full" -> new LoadBenchmark().full(Integer.getInteger("load.rounds"));
                case "smoke" -> new LoadBenchmark().smoke();
                case "soak" -> new LoadBenchmark().soak(seconds());
                case "memory" -> TableMemory.print(Integer.getInteger("load.tasks"));
                case "burst" -> {
                    LifeCost.print();
                    BurstBenchmark.print(Integer.getInteger("load.tasks"));
                }
                default ->
                        throw new IllegalArgumentException(
                                "usage: LoadBenchmark full|smoke|soak|memory|burst");
            }
        } catch (MissingException e) {
            System.err.println("No load benchmark: " + e.getMessage());
            if (!mode.equals("smoke")) {
                System.exit(1);
            }
        }
    }

    private static int seconds() {
        return (int) (Double.parseDouble(System.getProperty("load.minutes")) * SECONDS_PER_MINUTE);
    }

    private void full(int rounds) throws Exception {
        try {
            Generator storm = prepare();
            List<Load> loads =
                    List.of(
                            storm.storm("fork", 1, 8_000),
                            storm.storm("fork", 2, 10_000),
                            storm.storm("vfork", 1, 20_000),
                            storm.storm("vfork", 2, 10_000),
                            storm.storm("spawn", 1, 1_500),
                            storm.storm("spawn", 2, 1_500),
                            storm.storm("thread", 1, 20_000),
                            storm.storm("thread", 2, 10_000),
                            storm.steady(EVERYDAY_RATE, EVERYDAY_SECONDS),
                            storm.steady(QUIET_RATE, QUIET_SECONDS),
                            Compile.generate(folder.resolve("project"), 200));
            observe();
            Observer forkstat = Forkstat.find(folder);
            if (forkstat != null) {
                observers.add(forkstat);
            }
            Rounds all = new Rounds(chosen(loads), observers);
            all.run(WARM_UP); // until the code of the instances is compiled
            System.out.print(new Report(all.run(rounds)));
        } finally {
            observers.forEach(Observer::close);
        }
    }

    private static List<Load> chosen(List<Load> loads) {
        Predicate<String> only = Pattern.compile(System.getProperty("load.only")).asPredicate();
        List<Load> chosen = loads.stream().filter(load -> only.test(load.name())).toList();
        if (chosen.isEmpty()) {
            throw new IllegalArgumentException(
                    "load.only matches none of " + loads.stream().map(Load::name).toList());
        }
        return chosen;
    }

    private void smoke() throws Exception {
        try {
            Generator storm = prepare();
            List<Load> loads =
                    List.of(
                            storm.storm("fork", 2, 50),
                            storm.storm("vfork", 1, 50),
                            storm.storm("spawn", 1, 20),
                            storm.storm("thread", 1, 50),
                            Compile.generate(folder.resolve("project"), 4));
            observers.add(Observer.nobody());
            for (String source : SOURCES) {
                observers.add(probed(source));
            }
            Rounds all = new Rounds(loads, observers);
            List<Rounds.Result> results = all.run(1);
            System.out.print(new Report(results));
            results.forEach(LoadBenchmark::check);
        } finally {
            observers.forEach(Observer::close);
        }
    }

    /// Each event that the generator has caused is one that the probe has seen, or was told as lost.
    private static void check(Rounds.Result result) {
        Observer.Seen seen = result.seen();
        long missing = result.done().events() - seen.events();
        boolean isCounted = result.done().events() > 0 && seen.events() >= 0;
        if (isCounted && (missing < 0 || missing > seen.lost())) {
            throw new IllegalStateException("caused and seen differ: " + result);
        }
    }

    private void soak(int seconds) throws Exception {
        Generator storm = prepare();
        try (Taskwatch taskwatch = probed(SOURCES.getFirst())) {
            Load load = storm.steady(STEADY_RATE, seconds);
            int sampleSeconds = Math.max(1, seconds / SAMPLES_PER_SOAK);
            if (!new Soak(taskwatch, load, sampleSeconds).run()) {
                throw new IllegalStateException("not every event was seen");
            }
        }
    }

    /// Begins with an empty folder, and compiles the generator.
    private Generator prepare() throws IOException, InterruptedException, MissingException {
        Files.createDirectories(folder);
        for (String program : List.of("gcc", "make")) {
            try {
                Command.run(folder, program, "--version");
            } catch (IOException e) {
                throw new MissingException("it needs gcc and make: " + e.getMessage());
            }
        }
        Command.run(folder, "find", ".", "-mindepth", "1", "-delete");
        return Generator.compile(programs.resolve("storm.c"), folder);
    }

    private void observe() throws Exception {
        observers.add(Observer.nobody());
        for (String source : SOURCES) {
            observers.add(instance("", source, null, null));
            observers.add(instance(", exec-log", source, Taskwatch.EXEC_LOG, null));
            observers.add(probed(source));
        }
    }

    private Taskwatch probed(String source) throws Exception {
        Path jar = folder.resolve("probe.jar");
        ProbeBundle.build(jar, Probe.class);
        return instance(", every event", source, null, jar);
    }

    private Taskwatch instance(
            String what, String source, @Nullable String watcher, @Nullable Path probe)
            throws Exception {
        String name = source + what;
        Path its = folder.resolve(name.replace(", ", "-").replace(' ', '-'));
        return new Taskwatch(name, source, distribution, its, watcher, probe);
    }
}
