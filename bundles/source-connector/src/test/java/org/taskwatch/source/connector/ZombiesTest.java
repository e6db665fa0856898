// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.source.connector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.Assume.assumeNoException;

import org.junit.After;
import org.junit.Test;
import org.junit.runner.RunWith;
import org.junit.runners.Parameterized;
import org.junit.runners.Parameterized.Parameters;
import org.taskwatch.api.TaskEvent;
import org.taskwatch.source.Demand;
import org.taskwatch.source.SourceException;

import java.util.List;
import java.util.Set;

/// More zombies than descriptors, on the live kernel.
@RunWith(Parameterized.class)
public class ZombiesTest {
    private static final Demand NO_THREADS =
            new Demand(Set.of(TaskEvent.values()), false, Set.of(), false, false);

    private static final int ZOMBIES = 60;

    private final ConnectorSource source;
    private final Records records = new Records();
    private final int limit;
    private final boolean areThreadsWanted;

    /// Makes the test.
    ///
    /// @param limit how many descriptors there may be
    /// @param areThreadsWanted whether the events of threads are told
    public ZombiesTest(int limit, boolean areThreadsWanted) {
        this.limit = limit;
        this.areThreadsWanted = areThreadsWanted;
        source = new ConnectorSource(64 << 20, 200, 0, limit);
    }

    /// {@return limits, with and without threads}
    @Parameters(name = "{0} descriptors, threads {1}")
    public static List<Object[]> limits() {
        return List.of(
                new Object[] {0, true},
                new Object[] {0, false},
                new Object[] {4, true},
                new Object[] {4, false});
    }

    @After
    public void close() {
        source.close();
    }

    @Test
    public void shouldTellEachFreeOnceAndHoldNoMoreDescriptorsThanItMay() throws Exception {
        try {
            source.open();
        } catch (SourceException e) {
            assumeNoException("needs the proc connector", e);
        }
        source.demand(areThreadsWanted ? Demand.ALL : NO_THREADS);
        Zombies zombies = new Zombies(ZOMBIES);
        List<String> pids = zombies.pids();
        records.readUntil(
                source, () -> pids.stream().allMatch(pid -> records.has("exited 768 " + pid)));
        records.readUntil(source, () -> counter("pidfds") + counter("unwatched") > 0);
        assertThat(counter("pidfds")).isLessThanOrEqualTo(limit);

        zombies.close();
        records.readUntil(source, () -> pids.stream().allMatch(pid -> records.has("freed " + pid)));
        for (String pid : pids) {
            assertThat(records.of(Long.parseLong(pid)))
                    .endsWith("exited 768 " + pid, "freed " + pid)
                    .containsOnlyOnce("freed " + pid);
        }
    }

    private long counter(String name) {
        return source.counters().getOrDefault(name, 0L);
    }
}
