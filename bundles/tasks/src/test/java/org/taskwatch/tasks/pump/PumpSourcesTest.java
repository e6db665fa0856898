// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.tasks.pump;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import org.junit.Test;
import org.taskwatch.api.TaskNotification;
import org.taskwatch.tasks.SourceInfo;
import org.taskwatch.tasks.SourceInfo.State;

import java.util.concurrent.TimeUnit;

/// Which source the pump reads, and what it does when a better one comes.
public class PumpSourcesTest extends PumpFixture {
    @Test
    public void shouldReadTheBestSource() throws InterruptedException {
        sources.add(plain, 0);
        sources.add(good, 100);
        start();

        assertThat(sources.sources()).extracting(SourceInfo::name).containsExactly("good", "plain");
        assertThat(state(good)).isEqualTo(State.ACTIVE);
        assertThat(state(plain)).isEqualTo(State.STANDBY);
        assertThat(pump.tasks().task(1)).isNotNull();
        good.records.add(r -> r.cloned(System.nanoTime(), 5, 5, 1, 1, 0x11));
        await().until(() -> core.lines().contains("CLONE 5 17"));
        assertThat(core.notifications())
                .extracting(TaskNotification::source)
                .containsExactly("good");
        await().until(() -> info(good).events() == 1);
    }

    @Test
    public void shouldSayWhyASourceIsNotUsedAndTakeTheNext() throws InterruptedException {
        good.openFailure = "it is not allowed here";
        sources.add(good, 100);
        sources.add(plain, 0);
        start();

        assertThat(state(good)).isEqualTo(State.UNAVAILABLE);
        assertThat(info(good).reason()).isEqualTo("it is not allowed here");
        assertThat(state(plain)).isEqualTo(State.ACTIVE);
    }

    @Test
    public void shouldWaitUntilThereIsASource() throws InterruptedException {
        pump.start();
        assertThat(ready.getCount()).isEqualTo(1);
        sources.add(plain, 0);

        assertThat(ready.await(10, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    public void shouldGoOverToABetterSourceAndTellWhatIsDifferent() throws InterruptedException {
        sources.add(plain, 0);
        start();
        proc.process(7, 1, System.nanoTime(), "late");
        sources.add(good, 100);
        await().until(() -> state(good) == State.ACTIVE);

        await().until(() -> core.lines().contains("repaired CLONE 7 -1"));
        assertThat(state(plain)).isEqualTo(State.STANDBY);
        assertThat(plain.isOpen).isFalse();
    }

    @Test
    public void shouldGoOnWithTheNextSourceWhenOneFailsAndSaySo() throws InterruptedException {
        sources.add(plain, 0);
        sources.add(good, 100);
        start();
        good.receiveFailure = "the kernel has closed it";
        await().until(() -> state(plain) == State.ACTIVE);

        assertThat(core.lines()).contains("lost 1");
        assertThat(info(good).reason()).isEqualTo("the kernel has closed it");
        assertThat(good.isOpen).isFalse();
    }

    @Test
    public void shouldHaveLetGoOfASourceWhenItsRemovalReturns() throws InterruptedException {
        sources.add(plain, 0);
        sources.add(good, 100);
        start();

        assertThat(sources.remove(good, 10, TimeUnit.SECONDS)).isTrue();
        assertThat(good.isOpen).isFalse();
        await().until(() -> state(plain) == State.ACTIVE);
    }

    @Test
    public void shouldTellOnceAndAllOfWhatHappensWhileABetterSourceIsOpened() throws Exception {
        sources.add(plain, 0);
        start();
        good.whenOpened =
                () -> {
                    long now = System.nanoTime();
                    plain.records.add(r -> live(r, 5, now));
                    plain.records.add(r -> live(r, 6, now));
                    good.records.add(r -> live(r, 6, now)); // both have seen it
                };
        sources.add(good, 100);
        await().until(() -> state(good) == State.ACTIVE);
        good.records.add(r -> live(r, 7, System.nanoTime()));
        await().until(() -> core.lines().contains("FREE 7 0"));

        assertThat(core.lines())
                .containsExactly(
                        "CLONE 5 0",
                        "EXIT 5 0",
                        "FREE 5 0",
                        "CLONE 6 0",
                        "EXIT 6 0",
                        "FREE 6 0",
                        "CLONE 7 0",
                        "EXIT 7 0",
                        "FREE 7 0");
        assertThat(core.notifications())
                .extracting(TaskNotification::source)
                .startsWith("plain", "plain", "plain", "plain", "plain", "plain", "good");
    }

    @Test
    public void shouldLeaveToTheBetterSourceWhatHappensWhenItIsOpen() throws Exception {
        sources.add(plain, 0);
        start();
        long future = System.nanoTime() + TimeUnit.HOURS.toNanos(1);
        good.whenOpened =
                () -> {
                    plain.records.add(r -> r.cloned(future, 5, 5, 1, 1, 0));
                    good.records.add(r -> r.cloned(future, 5, 5, 1, 1, 0));
                };
        sources.add(good, 100);
        await().until(() -> core.lines().contains("CLONE 5 0"));

        assertThat(core.notifications()).extracting(TaskNotification::source).startsWith("good");
        assertThat(core.lines()).containsOnlyOnce("CLONE 5 0");
    }
}
