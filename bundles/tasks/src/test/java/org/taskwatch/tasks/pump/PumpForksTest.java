// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.tasks.pump;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import org.junit.Before;
import org.junit.Test;
import org.taskwatch.api.Gate;
import org.taskwatch.api.Task;
import org.taskwatch.api.TaskEvent;
import org.taskwatch.source.Demand;
import org.taskwatch.tasks.Fork;

import java.util.Set;
import java.util.concurrent.TimeUnit;

/// What the pump does for gates.
public class PumpForksTest extends PumpFixture {
    private static final Set<TaskEvent> OF_FORKERS =
            Set.of(TaskEvent.EXEC, TaskEvent.UID, TaskEvent.GID);

    private final Gate gate = new Gate(1, 1, 0, "", "init");

    @Before
    public void begin() throws InterruptedException {
        interest.areAllRelaxed = true;
        sources.add(good, 100);
        start();
    }

    private Fork allowed(int tid) {
        Fork fork = pump.forks().begin(gate, tid, 0, System.nanoTime());
        fork.allowed();
        return fork;
    }

    @Test
    public void shouldLookInTimeForForksThatHaveFailedWhileNothingElseHappens() throws Exception {
        await().until(() -> good.lastTimeout == 1000); // and so it waits now
        proc.file(1, "syscall", "35 0x7ffe 0x0\n");
        allowed(1);
        await().until(() -> good.lastTimeout == 20);
        await().until(() -> core.lines().contains("FREE 0 -1"));

        await().until(() -> good.lastTimeout == 1000); // it does not look any more
        allowed(1);
        await().until(() -> core.lines().size() == 2);
        assertThat(pump.tally().counts().events()).isZero();
    }

    @Test
    public void shouldReadWhatWasReportedBeforeItSaysThatAForkIsOpen() {
        proc.file(1, "syscall", "56 0x0\n");
        Fork fork = allowed(1);
        await().until(fork::isOpen); // which it says only if the pump answers in time
        good.records.add(r -> r.cloned(System.nanoTime(), 5, 5, 1, 1, 0));
        await().until(() -> !fork.isOpen() && core.lines().contains("CLONE 5 0"));

        Fork other = allowed(1);
        good.delayMillis = 100;
        assertThat(other.isOpen()).as("its birth may not be found yet").isFalse();
    }

    @Test
    public void shouldReadTheBirthOfAForkerFirst() {
        good.records.add(r -> r.cloned(System.nanoTime(), 5, 5, 1, 1, 0));
        await().until(() -> allowed(5).init().task().parent() != null);

        assertThat(core.lines()).first().isEqualTo("CLONE 5 0");
    }

    @Test
    public void shouldReadTheBirthOfTheRootFirst() {
        good.records.add(r -> r.cloned(System.nanoTime(), 5, 5, 1, 1, 0));
        Gate its = new Gate(2, 5, 0, "", "sh");
        await().until(() -> {
            pump.forks().opened(its, false);
            Task root = pump.tasks().task(5);
            return root != null && its.equals(root.gate());
        });
    }

    @Test
    public void shouldHurryForWhatForkersBecomeWhileThereIsAGate() {
        await().until(() -> good.demand.equals(new Demand(Set.of(), true, Set.of(), false, false)));
        pump.forks().opened(gate, false);
        await().until(() -> good.demand.hurried().equals(OF_FORKERS));
        assertThat(good.demand.forkTimes()).isTrue();
        pump.forks().closed(gate);
        await().until(() -> good.demand.hurried().isEmpty());
        assertThat(good.demand.forkTimes()).isFalse();
    }

    @Test
    public void shouldEndAllForksWhenItStopsOrHasNoSource() throws Exception {
        proc.file(1, "syscall", "56 0x0\n");
        Fork first = allowed(1);
        assertThat(sources.remove(good, 10, TimeUnit.SECONDS)).isTrue();
        await().until(() -> first.init().task().isFreed());
        Fork second = allowed(1);
        await().until(() -> second.init().task().isFreed());

        sources.add(good, 100);
        await().until(() -> good.isOpen);
        Fork third = allowed(1);
        await().until(third::isOpen);
        assertThat(pump.stop(10, TimeUnit.SECONDS)).isTrue();
        assertThat(third.init().task().isFreed()).isTrue();
    }
}
