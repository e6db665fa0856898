// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.itests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import org.junit.After;
import org.junit.Before;
import org.junit.Test;
import org.taskwatch.itests.Instance.Running;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A client of the stream of events that is stopped (SIGSTOP) under a storm until it loses events,
/// beside another one with a large capacity, which shows what it should have been told.
public class ReaderIT {
    private static final int CAPACITY = 100;

    /// How many processes: their events fill the pipes between instance and client several times.
    private static final int STORM = 5000;

    private static final Pattern LOST_BY_READERS =
            Pattern.compile("READER +task:events +(\\d+) +(\\S+)");

    private final TempFolder folder = TempFolder.create();
    private final Instance taskwatch = new Instance(Instance.distribution(), folder.path());
    private final List<Process> started = new ArrayList<>();
    private Running run;
    private Running witness;
    private Running slow;
    private Instant opened;

    /// What was lost at the place READER.
    private record Lost(long count, String since) {
        static Lost of(List<Told> losses) {
            return new Lost(
                    losses.stream().mapToLong(Told::count).sum(),
                    losses.getFirst().since().toString());
        }
    }

    @Before
    public void openStreamsOfWhichOneHasASmallCapacity() throws Exception {
        run = taskwatch.run();
        run.assumeSeesAll();
        witness = taskwatch.start("events", "--json", "--processes");
        Mark.in(witness);
        Path etc = Files.createDirectories(taskwatch.base().resolve("etc"));
        Files.writeString(
                etc.resolve("org.taskwatch.shell.events.cfg"), "capacity = " + CAPACITY + "\n");
        awaitThat(() ->
                taskwatch
                        .call("shell", "scr:info org.taskwatch.shell.stream.EventStreams")
                        .out()
                        .contains("capacity<String> = " + CAPACITY));
        opened = Instant.now();
        slow = taskwatch.start("events", "--json", "--processes");
        Mark.in(slow);
    }

    @After
    public void cleanUp() throws Exception {
        started.forEach(Process::destroyForcibly);
        if (slow != null) {
            slow.process().destroyForcibly().waitFor(); // it may be stopped
        }
        taskwatch.close();
        folder.close();
    }

    private static void awaitThat(Callable<Boolean> condition) {
        await().atMost(Instance.DEADLINE).pollInterval(Duration.ofMillis(50)).until(condition);
    }

    private Process shell(String script) throws IOException {
        Process process = new ProcessBuilder("/bin/sh", "-c", script).start();
        started.add(process);
        return process;
    }

    private void signalSlow(String name) throws Exception {
        assertThat(shell("kill -" + name + " " + slow.process().pid()).waitFor()).isZero();
    }

    private long storm() throws Exception {
        Process storm = shell("i=0; while [ $i -lt " + STORM + " ]; do (:); i=$((i + 1)); done");
        storm.waitFor();
        return storm.pid();
    }

    private Lost lost() throws Exception {
        String sources = taskwatch.call("shell", "task:sources").out();
        Matcher matcher = LOST_BY_READERS.matcher(sources);
        assertThat(matcher.find()).as(sources).isTrue();
        return new Lost(Long.parseLong(matcher.group(1)), matcher.group(2));
    }

    /// {@return how many events of the children of a process were told, by name}
    private static Map<String, Integer> ofChildren(Running client, long parent) throws IOException {
        Map<String, Integer> counts = new TreeMap<>();
        client.out()
                .lines()
                .filter(line -> line.contains("\"ppid\":" + parent + ","))
                .forEach(line -> counts.merge(line.split("\"")[3], 1, Integer::sum));
        return counts;
    }

    @Test
    public void shouldTellAReaderExactlyWhatItHasLostAndSinceWhen() throws Exception {
        signalSlow("STOP");
        long parent = storm();
        awaitThat(() ->
                ofChildren(witness, parent)
                        .equals(Map.of("CLONE", STORM, "EXIT", STORM, "FREE", STORM)));
        Instant end = Instant.now();
        signalSlow("CONT");
        Told last = Mark.in(slow);
        awaitThat(() -> Told.parse(witness.out()).contains(last));

        List<Told> all = Told.parse(witness.out());
        List<Told> told = Told.parse(slow.out());
        told = told.subList(0, told.indexOf(last) + 1);
        List<Told> losses = losses(told);
        System.out.println("reader: told " + told.size() + ", lost " + Lost.of(losses));
        assertThat(all).noneMatch(Told::isLoss);
        assertThat(losses).isNotEmpty().allMatch(loss -> loss.origin().equals("READER"));
        assertThat(losses.getFirst().since()).isBetween(opened, end);
        assertThat(withLostReplaced(told, all))
                .isEqualTo(all.subList(all.indexOf(told.getFirst()), all.indexOf(last) + 1));
        // While others keep the machine busy it may lose more.
        awaitThat(() -> lost().equals(Lost.of(losses(Told.parse(slow.out())))));
    }

    private static List<Told> losses(List<Told> told) {
        return told.stream().filter(Told::isLoss).toList();
    }

    /// {@return what was told, with as many events in the place of each loss as it says that there
    /// were, from its time on}
    private static List<Told> withLostReplaced(List<Told> told, List<Told> all) {
        List<Told> replaced = new ArrayList<>();
        int first = all.indexOf(told.getFirst());
        for (Told line : told) {
            if (line.isLoss()) {
                int from = first + replaced.size();
                assertThat(line.since()).isEqualTo(all.get(from).since());
                replaced.addAll(all.subList(from, from + (int) line.count()));
            } else {
                replaced.add(line);
            }
        }
        return replaced;
    }

    @Test
    public void shouldGoOnForOthersWhenAReaderIsKilledThatLags() throws Exception {
        assertThat(watchersOfStreams()).isEqualTo(2);
        signalSlow("STOP");
        storm();
        awaitThat(() -> lost().count() > 0);

        slow.process().destroyForcibly().waitFor();

        awaitThat(() -> watchersOfStreams() == 1);
        Lost lost = lost();
        assertThat(lost.count()).isPositive();
        long parent = storm();
        awaitThat(() ->
                ofChildren(witness, parent)
                        .equals(Map.of("CLONE", STORM, "EXIT", STORM, "FREE", STORM)));
        assertThat(Told.parse(witness.out())).noneMatch(Told::isLoss);
        assertThat(lost()).isEqualTo(lost);
        assertThat(run.process().isAlive()).isTrue();
    }

    private long watchersOfStreams() throws Exception {
        return taskwatch
                .call("shell", "task:watchers")
                .out()
                .lines()
                .filter(line -> line.startsWith("org.taskwatch.shell.stream."))
                .count();
    }
}
