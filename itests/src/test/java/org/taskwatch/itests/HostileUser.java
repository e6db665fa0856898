// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.itests;

import static org.junit.Assume.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/// The user `nobody`, and what he does all at once: the C programs among the resources, `hostile`. Each
/// activity ends, with all its processes, when its standard input does: also when the test is killed.
final class HostileUser implements AutoCloseable {
    static final int UID = 65534;
    private static final int OTHER_UID = 54323;

    /// How many tasks he has at a time, if the machine allows as many.
    private static final int TASKS = 29_000;

    /// What is left to others of the machine's pids and threads.
    private static final int RESERVE = 4_000;

    /// So that it is the instance that is tested, and not whether the machine has a processor left for it:
    /// a hundred of his processes want one at a time.
    private static final String NICE = "10";

    private final Path folder;
    private final Path work;
    private final Path tasks;
    private final Path files;
    private final Path monitors;
    private final Path setuid;
    private final double share;
    private final List<Process> activities = new ArrayList<>();

    /// Compiles the programs.
    ///
    /// @param folder where they go; he must be able to reach it
    HostileUser(Path folder) throws Exception {
        this.folder = folder;
        tasks = compile("tasks");
        files = compile("files");
        monitors = compile("monitors");
        setuid = folder.resolve("setuid"); // as another user may have left it
        Files.copy(tasks, setuid);
        Files.setAttribute(setuid, "unix:uid", OTHER_UID);
        Files.setAttribute(setuid, "unix:mode", 04755);
        work = Files.createDirectory(folder.resolve("work"));
        Files.setAttribute(work, "unix:uid", UID);
        share = Math.clamp((double) (room() - RESERVE) / TASKS, 0, 1);
        assumeTrue("needs room for 10,000 more tasks", share * TASKS > 6_000);
    }

    private Path compile(String name) throws Exception {
        return CProgram.compile(CProgram.source("hostile/" + name + ".c"), folder, name);
    }

    /// {@return how many more tasks the machine can have}
    private static long room() throws IOException {
        String all = Files.readString(Path.of("/proc/loadavg")).split("[ /]")[4];
        long most = Long.MAX_VALUE;
        for (String limit : List.of("pid_max", "threads-max")) {
            // Such a file must be read at once: a second read finds nothing more.
            try (var file = Files.newBufferedReader(Path.of("/proc/sys/kernel", limit))) {
                most = Math.min(most, Long.parseLong(file.readLine()));
            }
        }
        return most - Long.parseLong(all);
    }

    /// {@return the program that makes marks too}
    Path tasks() {
        return tasks;
    }

    /// {@return which part of the 29,000 tasks he has at a time: 1 where the machine allows all}
    double share() {
        return share;
    }

    private String scaled(int most) {
        return (int) (most * share) + "";
    }

    /// Begins everything.
    ///
    /// @param base the base of the instance
    void begin(Path base) throws IOException {
        String fs = base.resolve("fs") + "";
        start(monitors, "register", fs, "32", scaled(2_050)); // 65,600: more than he may
        start(monitors, "keep", fs, scaled(500));
        start(tasks, "args");
        start(tasks, "crowd", scaled(2_000));
        start(tasks, "zombies", scaled(12_000));
        start(tasks, "forks", "1000");
        start(tasks, "execs", "200");
        start(tasks, "names", "2000");
        start(setuid, "ids", "1000");
        start(tasks, "threads", scaled(10_000));
        start(tasks, "sessions", "100");
        start(tasks, "tree", scaled(2_000));
        start(files, "readers", fs, "24");
        start(files, "handles", fs);
        start(files, "pollers", fs, "16");
        start(files, "rubbish", fs);
        start(files, "doors", base + "");
        start(files, "connector");
    }

    private void start(Path program, String... words) throws IOException {
        List<String> command = new ArrayList<>(List.of("nice", "-n", NICE));
        command.addAll(List.of(KmonitorClients.as(UID + "")));
        command.add(program.toString());
        command.addAll(List.of(words));
        activities.add(
                new ProcessBuilder(command)
                        .directory(work.toFile())
                        .redirectError(
                                ProcessBuilder.Redirect.appendTo(folder.resolve("err").toFile()))
                        .start());
    }

    /// Ends everything.
    ///
    /// @return how often he has done what
    Map<String, Long> end() throws IOException {
        closeInputs();
        Map<String, Long> counts = new LinkedHashMap<>();
        for (Process activity : activities) {
            String line = activity.inputReader().readLine();
            String[] words = line == null ? new String[0] : line.split(" ");
            for (int i = 0; i + 1 < words.length; i += 2) {
                counts.put(words[i], Long.valueOf(words[i + 1]));
            }
        }
        return counts;
    }

    private void closeInputs() throws IOException {
        for (Process activity : activities) {
            activity.getOutputStream().close();
        }
    }

    /// {@return what his programs complain of}
    String complaints() throws IOException {
        return Files.readString(folder.resolve("err"));
    }

    @Override
    public void close() throws IOException {
        closeInputs();
        for (Process activity : activities) {
            activity.onExit().orTimeout(Instance.DEADLINE.toSeconds(), TimeUnit.SECONDS).join();
        }
    }
}
