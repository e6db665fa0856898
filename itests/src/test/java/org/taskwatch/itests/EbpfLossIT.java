// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.itests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.Assume.assumeTrue;

import org.junit.After;
import org.junit.Before;
import org.junit.Test;
import org.taskwatch.itests.Instance.Running;
import org.taskwatch.testing.Needs;

import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// An instance that is stopped (SIGSTOP) under a storm until the ring of the programs in the kernel is full:
/// what it tells as lost is compared with what these have counted, and its table with `/proc`.
public class EbpfLossIT {
    private static final int RING_BYTES = 1 << 16;
    private static final int STORM = 2000; // processes, of some 200 bytes each

    private final TempFolder folder = TempFolder.create();
    private final Instance taskwatch = new Instance(Instance.distribution(), folder.path());
    private Running run;
    private Running events;

    @Before
    public void watchWithASmallRing() throws Exception {
        Needs.bpf();
        taskwatch.configure("org.taskwatch.source.ebpf", "ring.buffer = " + RING_BYTES);
        run = taskwatch.run();
        assumeTrue("needs the source ebpf", run.out().contains("source ebpf"));
        await().atMost(Instance.DEADLINE).until(() -> counter("ringBuffer") == RING_BYTES);
        events = taskwatch.start("events", "--json");
        Mark.in(events); // the stream has begun
    }

    @After
    public void cleanUp() throws Exception {
        if (run != null) {
            signal("CONT");
        }
        taskwatch.close();
        folder.close();
    }

    private static int shell(String script) throws Exception {
        return new ProcessBuilder("/bin/sh", "-c", script).inheritIO().start().waitFor();
    }

    private void signal(String name) throws Exception {
        shell("kill -" + name + " " + run.process().pid());
    }

    private long counter(String name) throws Exception {
        String sources = taskwatch.call("shell", "task:sources").out();
        Matcher found = Pattern.compile("(?m)^ebpf .*\\b" + name + "=(\\d+)").matcher(sources);
        return found.find() ? Long.parseLong(found.group(1)) : -1;
    }

    private List<Told> losses() throws IOException {
        return Told.parse(events.out()).stream().filter(Told::isLoss).toList();
    }

    private long lost() throws IOException {
        return losses().stream().mapToLong(Told::count).sum();
    }

    @Test
    public void shouldTellAsLostExactlyWhatFoundNoRoom() throws Exception {
        Instant begin = Instant.now();
        signal("STOP");
        assertThat(shell("i=0; while [ $i -lt " + STORM + " ]; do (:); i=$((i + 1)); done"))
                .isZero();
        signal("CONT");
        Instant end = Instant.now();
        await().atMost(Instance.DEADLINE).until(() -> !losses().isEmpty());
        Mark.in(events);
        await().atMost(Instance.DEADLINE).until(() -> lost() == counter("lost"));

        assertThat(lost()).isBetween((long) STORM, 3L * STORM + 1000);
        assertThat(losses())
                .allMatch(loss -> loss.origin().equals("SOURCE"))
                .allMatch(loss -> loss.since().isAfter(begin.minusSeconds(5)))
                .anyMatch(loss -> loss.since().isBefore(end));
        await().atMost(Instance.DEADLINE) // what comes meanwhile is made, but not received yet
                .until(() -> counter("made") - counter("received") - counter("lost") <= 200);
    }

    @Test
    public void shouldKnowAfterALossWhatLivesAndWhatHasEnded() throws Exception {
        Process old = new ProcessBuilder("sleep", "1000").start();
        Process fresh = null;
        try {
            await().atMost(Instance.DEADLINE).until(() -> isInTable(old));
            signal("STOP");
            shell("i=0; while [ $i -lt " + STORM + " ]; do (:); i=$((i + 1)); done");
            old.destroyForcibly().waitFor();
            fresh = new ProcessBuilder("sleep", "1000").start();
            signal("CONT");

            Process born = fresh;
            await().atMost(Instance.DEADLINE).until(() -> isInTable(born) && !isInTable(old));
            assertThat(lost()).isPositive();
        } finally {
            old.destroyForcibly();
            if (fresh != null) {
                fresh.destroyForcibly().waitFor();
            }
        }
    }

    private boolean isInTable(Process process) throws Exception {
        return Pattern.compile("(?m)^ *" + process.pid() + " ")
                .matcher(taskwatch.call("shell", "task:ps").out())
                .find();
    }
}
