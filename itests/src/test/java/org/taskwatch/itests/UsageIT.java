// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.itests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.awaitility.Awaitility.await;
import static org.junit.Assume.assumeTrue;

import org.junit.After;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;
import org.taskwatch.itests.Instance.Running;
import org.taskwatch.testing.Needs;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// What processes have used, against what `wait4(2)` tells their parent. The processes are made by `usage.c`.
///
/// **Tolerance.** Times: what runs after the last tick before the end is not counted yet, and what the end
/// itself takes is counted later; together 20 ms for one thread, and 20 ms more for those that end with it. Faults:
/// those that the end itself makes. Memory and storage: none.
public class UsageIT {
    private static final long BLOCK = 512; // of ru_inblock and ru_oublock
    private static final long END_FAULTS = 4;

    @Rule public final TemporaryFolder folder = new TemporaryFolder();

    private Instance taskwatch;
    private Running events;
    private Path program;

    /// What was told of a process, and what its parent has learned.
    private record Told(Map<String, Long> usage, long[] parents) {
        long micros() {
            return usage.get("user_ns") / 1000 + usage.get("system_ns") / 1000;
        }

        long parentsMicros() {
            return parents[0] + parents[1];
        }
    }

    @Before
    public void prepare() throws Exception {
        taskwatch = new Instance(Instance.distribution(), folder.getRoot().toPath());
        Path source = CProgram.source("usage/usage.c");
        program = CProgram.compile(source, folder.getRoot().toPath(), "usage");
    }

    @After
    public void end() throws Exception {
        if (events != null) {
            events.process().destroy();
            events.process().waitFor();
        }
        taskwatch.close();
    }

    /// Runs the program while the stream of events is open, and gives what was told of each of its children.
    private Map<String, Told> runProgram(String... late) throws Exception {
        events = taskwatch.start("events", "--json", "--event", "EXIT", "--capture", "USAGE");
        awaitMark("ready");
        List<String> command = new ArrayList<>(List.of(program + "", folder.getRoot() + ""));
        command.addAll(List.of(late));
        Process process =
                new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
        Map<String, String[]> children = new LinkedHashMap<>();
        BufferedReader lines = process.inputReader();
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            String[] words = line.split(" ");
            if (words[0].equals("zombie")) {
                await().atMost(Instance.DEADLINE).until(() -> line(words[1]).find());
                process.outputWriter().append('\n').flush();
            } else {
                children.put(words[0], words);
            }
        }
        assertThat(process.waitFor()).isZero();
        awaitMark("all-told");
        Map<String, Told> told = new LinkedHashMap<>();
        for (Map.Entry<String, String[]> child : children.entrySet()) {
            told.put(child.getKey(), told(child.getValue()));
        }
        return told;
    }

    private void awaitMark(String text) {
        await().atMost(Instance.DEADLINE)
                .pollInterval(Duration.ofMillis(50))
                .until(() -> {
                    new ProcessBuilder("/bin/sh", "-c", ": " + text).start().waitFor();
                    return events.out().contains(text);
                });
    }

    /// {@return the line of the end of a process, to be found}
    private Matcher line(String pid) throws IOException {
        return Pattern.compile(
                        "(?m)^.*\"tid\":%1$s,\"pid\":%1$s,.*\"usage\":\\{(.*?)\\}.*$"
                                .formatted(pid))
                .matcher(events.out());
    }

    private Told told(String[] words) throws IOException {
        Matcher line = line(words[1]);
        assertThat(line.find()).as("a usage of " + words[0] + " in " + events.out()).isTrue();
        Map<String, Long> numbers =
                Pattern.compile("\"(\\w+)\":(\\d+)")
                        .matcher(line.group(1))
                        .results()
                        .collect(Collectors.toMap(m -> m.group(1), m -> Long.valueOf(m.group(2))));
        long[] parents = new long[words.length - 2];
        for (int i = 0; i < parents.length; i++) {
            parents[i] = Long.parseLong(words[i + 2]);
        }
        return new Told(numbers, parents);
    }

    @Test
    public void shouldTellWhatWaitTellsWithTheEndOfEachProcess() throws Exception {
        Needs.bpf();
        assumeTrue("needs the source ebpf", taskwatch.run().out().contains("source ebpf"));
        Map<String, Told> children = runProgram();
        assertThat(children).hasSize(5);

        for (Map.Entry<String, Told> child : children.entrySet()) {
            Told told = child.getValue();
            boolean isMany = child.getKey().equals("ended");
            assertThat(told.micros())
                    .as("time of " + child)
                    .isCloseTo(told.parentsMicros(), within(isMany ? 40_000L : 20_000L));
            assertThat(told.usage.get("max_resident"))
                    .as("memory of " + child)
                    .isEqualTo(told.parents[2] << 10);
            assertThat(told.usage.get("minor_faults"))
                    .as("faults of " + child)
                    .isCloseTo(told.parents[3], within(END_FAULTS));
            assertThat(told.usage.get("major_faults")).isEqualTo(told.parents[4]);
        }
        assertThat(children.get("large").usage.get("max_resident")).isGreaterThan(64 << 20);
        assertIo(children.get("writer"));
    }

    /// From `/proc`, times are in steps of 10 ms; the end itself is counted, as the process has ended.
    @Test
    public void shouldTellOfAZombieWhatProcTellsWhereThereAreNoProgramsInTheKernel()
            throws Exception {
        taskwatch.useConnector();
        assumeTrue("needs the proc connector", taskwatch.run().out().contains("source connector"));
        Map<String, Told> children = runProgram("late");

        assertThat(children).hasSize(5);
        for (Map.Entry<String, Told> child : children.entrySet()) {
            Told told = child.getValue();
            assertThat(told.micros())
                    .as("time of " + child)
                    .isCloseTo(told.parentsMicros(), within(20_000L));
            assertThat(told.usage).as("memory of " + child).doesNotContainKey("max_resident");
            assertThat(told.usage.get("minor_faults")).isEqualTo(told.parents[3]);
            assertThat(told.usage.get("major_faults")).isEqualTo(told.parents[4]);
        }
        assertIo(children.get("writer"));
    }

    private static void assertIo(Told writer) {
        if (writer.usage.containsKey("read_bytes")) { // the kernel counts it
            assertThat(writer.usage.get("read_bytes") / BLOCK).isEqualTo(writer.parents[5]);
            assertThat(writer.usage.get("written_bytes") / BLOCK).isEqualTo(writer.parents[6]);
        }
    }
}
