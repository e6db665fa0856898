// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.tasks.pump;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import org.junit.Test;
import org.taskwatch.api.Capture;
import org.taskwatch.api.TaskEvent;
import org.taskwatch.api.TaskNotification;
import org.taskwatch.api.TaskNotification.Origin;
import org.taskwatch.tasks.EventCounts;
import org.taskwatch.tasks.SourceInfo.State;
import org.taskwatch.tasks.fake.FakeFilters;
import org.taskwatch.tasks.procfs.ProcFs;
import org.taskwatch.tasks.table.LabelRule;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/// What the pump does for those who ask something of it.
public class PumpTest extends PumpFixture {
    @Test
    public void shouldCountWhatASourceTellsHowLongThatTookAndWhatIsLost() throws Exception {
        sources.add(good, 100);
        start();
        long now = System.nanoTime();
        long aSecondAgo = now - TimeUnit.SECONDS.toNanos(1);
        good.records.add(r -> {
            r.cloned(aSecondAgo, 5, 5, 1, 1, 0);
            r.cloned(now, 6, 5, 1, 1, 0);
            r.exited(now, 6, 5, 0);
            r.executed(now, 5, 5, _ -> false);
            r.exited(now, 5, 5, 0);
        });
        await().until(() -> pump.tally().counts().exits() == 1);

        EventCounts counts = pump.tally().counts();
        assertThat(counts).isEqualTo(new EventCounts(1, 1, 1, 1, core.notifications().size()));
        assertThat(info(good).events()).isEqualTo(core.notifications().size());
        assertThat(info(good).latency().maxNanos())
                .isGreaterThanOrEqualTo(TimeUnit.SECONDS.toNanos(1))
                .isGreaterThan(info(good).latency().p50Nanos());
        assertThat(info(good).lostSince()).isNull();

        good.records.add(r -> r.lost(3, "full", aSecondAgo));
        good.records.add(r -> r.lost(4, "full again", now));
        await().until(() -> info(good).lost() == 7);
        assertThat(info(good).lostSince()).isBefore(Instant.now().minusMillis(900));
    }

    @Test
    public void shouldLabelWhatIsThereByRulesAndDemandWhatTheyAskFor() throws Exception {
        proc.process(5, 1, System.nanoTime(), "web");
        proc.file(5, "cgroup", "0::/web\n");
        sources.add(good, 100);
        start();
        assertThat(good.demand.captures()).isEmpty();

        pump.labelRules().set(LabelRule.list("(cgroup=/web) -> svc=web", new FakeFilters()));

        await().until(() -> labels(5).equals(Map.of("svc", "web")));
        assertThat(good.demand.captures()).containsExactly(Capture.CGROUP);
        pump.labelRules().set(List.of());
        await().until(() -> good.demand.captures().isEmpty());
    }

    private Map<String, String> labels(int pid) {
        return Objects.requireNonNull(pump.tasks().task(pid)).details().labels();
    }

    @Test
    public void shouldTellACloneThatIsQueuedBeforeAJoinerIsToldThatTheTaskExists()
            throws Exception {
        sources.add(good, 100);
        long now = System.nanoTime();
        proc.process(5, 1, now, "sh");
        good.records.add(r -> r.cloned(now, 5, 5, 1, 1, 0x11));
        CompletableFuture<List<TaskNotification>> joined = new CompletableFuture<>();
        pump.tasks().snapshot(joined::complete);
        start();

        assertThat(joined.get(10, TimeUnit.SECONDS))
                .extracting(n -> n.task().tid())
                .containsExactly(1, 5);
        assertThat(core.lines()).containsExactly("CLONE 5 17");
    }

    @Test
    public void shouldTellTheTasksThatExistToOneWhoJoinsBetweenTwoEvents() throws Exception {
        sources.add(good, 100);
        start();
        good.records.add(r -> r.cloned(System.nanoTime(), 5, 5, 1, 1, 0));
        await().until(() -> core.lines().contains("CLONE 5 0"));
        CompletableFuture<List<TaskNotification>> joined = new CompletableFuture<>();

        pump.tasks().snapshot(joined::complete);

        assertThat(joined.get(10, TimeUnit.SECONDS))
                .allMatch(n -> n.event() == TaskEvent.CLONE && n.origin() == Origin.EXISTING)
                .extracting(n -> n.task().tid())
                .containsExactly(1, 5);
    }

    @Test
    public void shouldAskTheSourceForThreadsAsLongAsTheyAreWanted() throws Exception {
        interest.threads = false;
        pump = new Pump(sources, core, interest, new ProcFs(proc.root()), ready::countDown);
        sources.add(good, 100);
        start();
        assertThat(good.demand.threads()).isFalse();
        long now = System.nanoTime();
        proc.threads(1, 0, 0, "init", 2);
        proc.thread(1, 8, now, "init");
        CompletableFuture<List<TaskNotification>> joined = new CompletableFuture<>();

        interest.wantThreads(true);
        pump.tasks().snapshot(joined::complete);
        assertThat(joined.get(10, TimeUnit.SECONDS))
                .extracting(n -> n.task().tid())
                .containsExactly(1, 8);
        assertThat(good.demand.threads()).isTrue();
        assertThat(core.lines()).isEmpty();

        interest.wantThreads(false);
        await().until(() -> !good.demand.threads());
        await().until(() -> pump.tasks().task(8) == null);
    }

    @Test
    public void shouldTellASourceThatComesLaterThatThreadsAreNotWanted() throws Exception {
        sources.add(plain, 0);
        start();
        interest.wantThreads(false);
        await().until(() -> !plain.demand.threads());
        sources.add(good, 100);
        await().until(() -> state(good) == State.ACTIVE);

        assertThat(good.demand.threads()).isFalse();
    }

    @Test
    public void shouldBeWokenForWhatIsAskedOfItWhileNothingHappens() throws Exception {
        good.isPatient = true;
        plain.isPatient = true;
        sources.add(plain, 0);
        start();
        await().until(() -> plain.receives.get() > 0);

        interest.wantThreads(false);
        await().until(() -> !plain.demand.threads());
        CompletableFuture<List<TaskNotification>> joined = new CompletableFuture<>();
        pump.tasks().snapshot(joined::complete);
        assertThat(joined.get(10, TimeUnit.SECONDS)).isNotEmpty();
        sources.add(good, 100);
        await().until(() -> state(good) == State.ACTIVE);
        assertThat(sources.remove(good, 10, TimeUnit.SECONDS)).isTrue();
        assertThat(pump.stop(10, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    public void shouldBeWokenForWhatIsAskedOfItWhileThereIsNoSource() throws Exception {
        sources.add(plain, 0);
        start();
        assertThat(sources.remove(plain, 10, TimeUnit.SECONDS)).isTrue();
        long begin = System.nanoTime();

        for (int i = 0; i < 20; i++) { // one that is not woken looks once a second
            await().until(() -> pumpState() == Thread.State.TIMED_WAITING);
            CompletableFuture<List<TaskNotification>> joined = new CompletableFuture<>();
            pump.tasks().snapshot(joined::complete);
            assertThat(joined.get(10, TimeUnit.SECONDS)).isNotEmpty();
        }

        assertThat(System.nanoTime() - begin).isLessThan(TimeUnit.SECONDS.toNanos(10));
    }

    @Test
    public void shouldShowThatItComesRoundAlsoWithoutASourceAndNotWhileItIsHeld() throws Exception {
        sources.add(plain, 0);
        start();
        assertThat(sources.remove(plain, 10, TimeUnit.SECONDS)).isTrue();
        long before = pump.tally().pumpedNanos();
        await().until(() -> pump.tally().pumpedNanos() - before > 0);

        CountDownLatch held = new CountDownLatch(1);
        CountDownLatch letGo = new CountDownLatch(1);
        plain.records.add(_ -> hold(held, letGo));
        sources.add(plain, 0);
        assertThat(held.await(10, TimeUnit.SECONDS)).isTrue();
        long begin = pump.tally().pumpedNanos();
        TimeUnit.MILLISECONDS.sleep(1_500); // a pump that is free looks once a second
        assertThat(pump.tally().pumpedNanos()).isEqualTo(begin);

        letGo.countDown();
        await().until(() -> pump.tally().pumpedNanos() - begin > 0);
    }

    private static void hold(CountDownLatch held, CountDownLatch letGo) {
        held.countDown();
        try {
            letGo.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    public void shouldLetJoinOnceItIsReady() throws Exception {
        CompletableFuture<List<TaskNotification>> joined = new CompletableFuture<>();
        pump.tasks().snapshot(joined::complete);
        sources.add(good, 100);
        start();

        assertThat(joined.get(10, TimeUnit.SECONDS)).hasSize(1);
    }
}
