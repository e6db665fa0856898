// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.itests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import org.junit.Before;
import org.junit.Test;
import org.taskwatch.itests.Instance.Running;
import org.taskwatch.itests.probe.Counting;
import org.taskwatch.itests.probe.Porter;

import java.util.List;
import java.util.concurrent.TimeUnit;

/// Many forks at once, with signals in the midst of them, and watchers that come and go.
public class GateStormIT extends GateFixture {
    private static final int WORKERS = 8;
    private static final int FORKS = 12_500; // of each
    private static final int SIGNAL_MICROS = 5_000;
    private static final int MINUTES = 5;

    @Before
    public void run() throws Exception {
        taskwatch.run().assumeSeesAll();
    }

    @Test
    public void shouldGiveEachForkItsAnswerAndReleaseEachTask() throws Exception {
        deployPorter("porter");
        taskwatch.deploy("counting.jar", "counting", Counting.class);
        awaitThat(() -> watchers().contains(Counting.class.getName()));
        Running storm =
                gate(
                        Porter.SEVENTH,
                        gated.toString(),
                        "storm",
                        WORKERS + "",
                        FORKS + "",
                        SIGNAL_MICROS + "");
        int revision = 0;
        while (!storm.process().waitFor(1, TimeUnit.SECONDS)) {
            taskwatch.deploy(PORTER, "porter" + ++revision, Porter.class);
            assertThat(revision).as("seconds").isLessThan(MINUTES * 60);
        }
        assertThat(storm.err()).isEmpty();
        String[] counts = storm.out().strip().split(" ");
        long forked = Long.parseLong(counts[0]);
        long refused = Long.parseLong(counts[1]);
        assertThat(forked + refused).isEqualTo((long) WORKERS * FORKS);
        assertThat(refused).isBetween(forked / 12, forked / 4);

        // What the instance has counted and told, with the workers themselves.
        assertThat(counter("asked"))
                .isEqualTo(counter("allowed") + counter("refused") + counter("interrupted"));
        assertThat(counter("late")).isZero();
        assertThat(counter("faults")).isZero();
        long born = forked + WORKERS;
        long unborn = counter("asked") - born;
        assertThat(unborn).isGreaterThanOrEqualTo(refused);
        String expected = "counting %d %d %d 0".formatted(born + unborn, born, unborn);
        await().atMost(Instance.DEADLINE)
                .untilAsserted(() -> assertThat(lastCount()).isEqualTo(expected));
    }

    /// {@return what the probe has written last, with what it has lost}
    private String lastCount() {
        List<String> lines =
                folder.seen().stream().filter(line -> line.startsWith("counting ")).toList();
        return lines.isEmpty() ? "" : lines.getLast();
    }

    private long counter(String name) throws Exception {
        String line = "gate_" + name + "_total";
        return taskwatch
                .call("shell", "task:counters")
                .out()
                .lines()
                .map(row -> row.strip().split("\\s+"))
                .filter(words -> words[0].equals(line))
                .mapToLong(words -> Long.parseLong(words[words.length - 1]))
                .findFirst()
                .orElseThrow();
    }
}
