// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.tasks.pump;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import org.junit.Test;
import org.taskwatch.tasks.SourceInfo.State;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;

/// What the pump does when something fails while it works.
public class PumpFaultsTest extends PumpFixture {
    @Test
    public void shouldRepairAfterALoss() throws InterruptedException {
        sources.add(good, 100);
        start();
        proc.process(7, 1, System.nanoTime(), "missed");
        good.records.add(r -> r.lost(3, "a test", System.nanoTime()));

        await().until(() -> core.lines().contains("repaired CLONE 7 -1"));
        assertThat(core.lines()).startsWith("lost 3");
        await().until(() -> info(good).lost() == 3);
    }

    @Test
    public void shouldGoOnAndRepairAfterAFailureAndTellItAsALoss() throws InterruptedException {
        sources.add(good, 100);
        start();
        proc.process(7, 1, System.nanoTime(), "missed");
        proc.breakUptime(); // so the repair fails
        good.records.add(r -> r.lost(3, "a test", System.nanoTime()));
        await().until(() -> core.lines().contains("lost 1"));
        good.records.add(r -> r.cloned(System.nanoTime(), 5, 5, 1, 1, 0));
        await().until(() -> core.lines().contains("CLONE 5 0"));
        good.records.add(r -> r.exited(System.nanoTime(), 5, 5, 0));
        await().until(() -> core.lines().contains("EXIT 5 0"));
        assertThat(core.lines()).containsOnlyOnce("lost 1").doesNotContain("repaired CLONE 7 -1");
        assertThat(state(good)).isEqualTo(State.ACTIVE);

        proc.mendUptime();
        await().until(() -> core.lines().contains("repaired CLONE 7 -1"));
        assertThat(core.lines()).containsOnlyOnce("lost 1");
    }

    @Test
    public void shouldRestAfterAFailureThatStays() throws InterruptedException {
        sources.add(good, 100);
        start();
        proc.breakUptime();
        good.records.add(r -> r.lost(3, "a test", System.nanoTime()));
        await().until(() -> core.lines().contains("lost 1"));
        long before = good.receives.get();
        long begin = System.nanoTime();
        await().until(() -> good.receives.get() >= before + 2);

        assertThat(System.nanoTime() - begin).isGreaterThan(TimeUnit.MILLISECONDS.toNanos(900));
    }

    @Test
    public void shouldBecomeReadyWhenTheFirstScanWorksAtLast() throws InterruptedException {
        proc.breakUptime();
        sources.add(good, 100);
        pump.start();
        await().until(() -> core.lines().contains("lost 1"));
        assertThat(ready.getCount()).isEqualTo(1);
        proc.mendUptime();

        assertThat(ready.await(10, TimeUnit.SECONDS)).isTrue();
        assertThat(core.lines()).containsExactly("lost 1");
    }

    @Test
    public void shouldNotHandAnInterruptOfAWatcherOnToTheSource() throws InterruptedException {
        sources.add(good, 100);
        start();
        core.isInterrupting = true;
        good.records.add(r -> r.cloned(System.nanoTime(), 5, 5, 1, 1, 0));
        await().until(() -> core.lines().contains("CLONE 5 0"));
        core.isInterrupting = false;
        good.records.add(r -> r.exited(System.nanoTime(), 5, 5, 0));

        await().until(() -> core.lines().contains("EXIT 5 0"));
        assertThat(state(good)).isEqualTo(State.ACTIVE);
    }

    @Test
    public void shouldKeepASourceWhoseRecordCannotBeAppliedAndCountAndRepairThat()
            throws Exception {
        sources.add(good, 100);
        start();
        proc.process(7, 1, System.nanoTime(), "missed");
        good.records.add(r -> {
            proc.garble(5);
            r.executed(System.nanoTime(), 5, 5, _ -> false);
            proc.remove(5);
            r.cloned(System.nanoTime(), 6, 6, 1, 1, 0);
        });

        await().until(() -> core.lines().contains("repaired CLONE 7 -1"));
        assertThat(core.lines()).startsWith("CLONE 6 0", "lost 1");
        assertThat(state(good)).isEqualTo(State.ACTIVE);
        assertThat(good.isOpen).isTrue();
    }

    @Test
    public void shouldHandOnAnErrorOfTheVirtualMachineAndGoOn() throws InterruptedException {
        List<Throwable> handled = new CopyOnWriteArrayList<>();
        var before = Thread.getDefaultUncaughtExceptionHandler();
        Thread.setDefaultUncaughtExceptionHandler((_, error) -> handled.add(error));
        try {
            OutOfMemoryError error = new OutOfMemoryError("on purpose");
            sources.add(good, 100);
            start();
            good.records.add(_ -> {
                throw error;
            });
            good.records.add(r -> r.cloned(System.nanoTime(), 5, 5, 1, 1, 0x11));

            await().dontCatchUncaughtExceptions().until(() -> core.lines().contains("CLONE 5 17"));

            assertThat(handled).containsExactly(error);
        } finally {
            Thread.setDefaultUncaughtExceptionHandler(before);
        }
    }
}
