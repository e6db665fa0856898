// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.itests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.Assume.assumeTrue;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import org.junit.After;
import org.junit.Before;
import org.junit.Test;
import org.taskwatch.itests.Instance.Running;
import org.taskwatch.itests.Witness.Message;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// An instance that is stopped (SIGSTOP) under a storm until the kernel drops events: what it tells
/// and what it tells as lost is compared with a witness, and its table with `/proc`.
public class LossIT {
    private static final int BUFFER_BYTES = 256 << 10; // the kernel doubles it: 630 events
    private static final int STORM = 2000; // processes, so twice as many events
    private static final Pattern ROW = Pattern.compile("^ *\\d+ +(\\d+) ", Pattern.MULTILINE);

    private final TempFolder folder = TempFolder.create();
    private final Instance taskwatch = new Instance(Instance.distribution(), folder.path());
    private final List<Process> started = new ArrayList<>();
    private Running run;
    private Running events;
    private Witness witness;

    @Before
    public void watchWithASmallBuffer() throws Exception {
        taskwatch.useConnector();
        taskwatch.configure("org.taskwatch.source.connector", "receive.buffer = " + BUFFER_BYTES);
        run = taskwatch.run();
        assumeTrue("needs the proc connector", run.out().contains("source connector"));
        awaitThat(() ->
                taskwatch
                        .call("shell", "task:sources")
                        .out()
                        .contains("receiveBuffer=" + 2 * BUFFER_BYTES));
        events = taskwatch.start("events", "--json");
        witness = new Witness();
        mark(); // the stream has begun
    }

    @After
    public void cleanUp() throws Exception {
        started.forEach(Process::destroyForcibly);
        if (run != null) {
            signal("CONT");
        }
        taskwatch.close();
        if (witness != null) {
            witness.close();
        }
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

    private void signal(String name) throws Exception {
        shell("kill -" + name + " " + run.process().pid()).waitFor();
    }

    private Process storm() throws Exception {
        Process storm = shell("i=0; while [ $i -lt " + STORM + " ]; do (:); i=$((i + 1)); done");
        storm.waitFor();
        return storm;
    }

    private List<Told> told() throws IOException {
        return Told.parse(events.out());
    }

    private boolean isTold(String event, long tid, String origin) throws IOException {
        return told().stream()
                .anyMatch(line ->
                        line.event().equals(event)
                                && line.tid() == tid
                                && line.origin().equals(origin));
    }

    private int mark() throws Exception {
        return Mark.in(events).tid();
    }

    @Test
    public void shouldTellAsLostExactlyWhatDidNotArrive() throws Exception {
        Instant begin = Instant.now();
        int first = mark();
        long dropsBefore = drops();
        signal("STOP");
        Process storm = storm();
        signal("CONT");
        Instant end = Instant.now();
        int last = mark();
        mark(); // what was lost before the last one is told by now

        List<Message> seen = between(witness.read(), first, last);
        List<Told> told = after(told(), first);
        Sum sum = Sum.of(seen, told);
        System.out.println("loss: " + sum);
        assertThat(seen)
                .filteredOn(message -> message.parent() == (int) storm.pid())
                .hasSize(STORM);
        assertThat(sum.missing()).isGreaterThan(STORM);
        assertThat(sum.lost()).isEqualTo(drops() - dropsBefore);
        assertThat(sum.lost())
                .isBetween(sum.missing() - sum.ambiguous(), sum.missing() + sum.silent());
        assertThat(told)
                .filteredOn(Told::isLoss)
                .isNotEmpty()
                .allMatch(loss -> loss.origin().equals("SOURCE"))
                .allMatch(loss -> loss.since().isAfter(begin.minusSeconds(1)))
                .anyMatch(loss -> loss.since().isBefore(end));
    }

    /// {@return what the kernel says in `/proc/net/netlink` of the connector's socket of the instance:
    /// the columns are sk, protocol, port, groups, rmem, wmem, dump, locks, drops, inode}
    private long drops() throws IOException {
        Set<String> sockets = new TreeSet<>();
        Path descriptors = Path.of("/proc/" + run.process().pid() + "/fd");
        for (String name : names(descriptors).toList()) {
            Path file = descriptors.resolve(name);
            if (Files.isSymbolicLink(file)) {
                sockets.add(Files.readSymbolicLink(file).toString());
            }
        }
        return Files.readAllLines(Path.of("/proc/net/netlink")).stream()
                .map(line -> line.trim().split(" +"))
                .filter(columns -> sockets.contains("socket:[" + columns[9] + "]"))
                .mapToLong(columns -> Long.parseLong(columns[8]))
                .sum();
    }

    private static List<Message> between(List<Message> all, int first, int last) {
        List<Integer> exits = new ArrayList<>();
        all.forEach(message -> exits.add(message.event().equals("EXIT") ? message.tid() : 0));
        return all.subList(exits.indexOf(first) + 1, exits.indexOf(last));
    }

    private static List<Told> after(List<Told> all, int first) {
        List<Integer> exits = new ArrayList<>();
        all.forEach(line -> exits.add(line.event().equals("EXIT") ? line.tid() : 0));
        return all.subList(exits.indexOf(first) + 1, all.size());
    }

    @Test
    public void shouldBeEqualToProcAfterTheHoleAndTellTheDifferenceAsRepaired() throws Exception {
        Process old = shell("exec sleep 1000");
        Process changing = shell("read _; exec sleep 1000");
        awaitThat(() -> isTold("EXEC", old.pid(), "OBSERVED"));
        mark();
        signal("STOP");
        storm(); // the buffer is full from here on
        old.destroyForcibly().waitFor();
        changing.getOutputStream().close();
        awaitThat(() -> changing.info().command().orElse("").endsWith("sleep"));
        Process fresh = shell("exec sleep 1000");
        signal("CONT");

        awaitThat(() -> isTold("FREE", old.pid(), "REPAIRED"));
        assertThat(isTold("EXIT", old.pid(), "REPAIRED")).isTrue();
        awaitThat(() -> isTold("EXEC", changing.pid(), "REPAIRED"));
        awaitThat(() -> isTold("CLONE", fresh.pid(), "REPAIRED"));
        // The small buffer may overflow again by what else happens on the machine.
        await().atMost(Instance.DEADLINE).untilAsserted(this::assertTableEqualsProc);
    }

    /// What lives from one reading of `/proc` to the next must be in the table between them, and what
    /// stays in the table from one look to the next must be in `/proc` between them.
    private void assertTableEqualsProc() throws Exception {
        Set<Integer> procBefore = tidsOfProc();
        Set<Integer> table = tidsOfTable();
        Set<Integer> proc = tidsOfProc();
        Set<Integer> tableAfter = tidsOfTable();
        procBefore.retainAll(proc);
        tableAfter.retainAll(table);
        assertThat(stats(procBefore, table)).as("in /proc, but not in the table").isEmpty();
        assertThat(proc).containsAll(tableAfter);
    }

    /// {@return what the kernel says of those tasks that are not among others}
    private static List<String> stats(Set<Integer> tids, Set<Integer> others) throws IOException {
        List<String> stats = new ArrayList<>();
        for (int tid : tids) {
            if (!others.contains(tid)) {
                stats.add(Files.readString(Path.of("/proc/" + tid + "/stat"), ISO_8859_1));
            }
        }
        return stats;
    }

    private Set<Integer> tidsOfTable() throws Exception {
        String rows = taskwatch.call("shell", "task:ps", "--threads").out();
        return numbers(ROW.matcher(rows).results().map((MatchResult row) -> row.group(1)));
    }

    private static Set<Integer> tidsOfProc() throws IOException {
        Set<Integer> tids = new TreeSet<>();
        for (Integer pid : numbers(names(Path.of("/proc")))) {
            tids.addAll(numbers(names(Path.of("/proc/" + pid + "/task"))));
        }
        return tids;
    }

    private static Stream<String> names(Path folder) {
        String[] names = folder.toFile().list();
        return names == null ? Stream.empty() : Stream.of(names); // it has ended meanwhile
    }

    private static Set<Integer> numbers(Stream<String> names) {
        return names.filter(name -> Character.isDigit(name.charAt(0)))
                .map(Integer::valueOf)
                .collect(Collectors.toCollection(TreeSet::new));
    }
}
