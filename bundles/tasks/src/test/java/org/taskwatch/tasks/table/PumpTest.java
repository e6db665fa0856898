// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.tasks.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import org.junit.After;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;
import org.taskwatch.api.TaskEvent;
import org.taskwatch.api.TaskNotification;
import org.taskwatch.api.TaskNotification.Origin;
import org.taskwatch.tasks.EventCounts;
import org.taskwatch.tasks.SourceInfo;
import org.taskwatch.tasks.SourceInfo.State;
import org.taskwatch.tasks.procfs.ProcFs;
import org.taskwatch.testing.FakeProc;

import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/// Which source the pump reads, and what it does when sources come, fail and go.
public class PumpTest {
    @Rule public final TemporaryFolder folder = new TemporaryFolder();

    private final FakeCore core = new FakeCore();
    private final FakeInterest interest = new FakeInterest();
    private final SourceList sources = new SourceList();
    private final FakeSource good = new FakeSource("good");
    private final FakeSource plain = new FakeSource("plain");
    private final CountDownLatch ready = new CountDownLatch(1);
    private FakeProc proc;
    private Pump pump;

    @Before
    public void setUp() throws IOException {
        proc = new FakeProc(folder.getRoot().toPath(), new ProcFs().bootOffsetNanos());
        ProcFs procFs = new ProcFs(proc.root());
        pump = new Pump(sources, core, interest, procFs, ready::countDown);
    }

    @After
    public void tearDown() throws InterruptedException {
        assertThat(pump.stop(10, TimeUnit.SECONDS)).isTrue();
        assertThat(good.isOpen || plain.isOpen).isFalse();
    }

    private void start() throws InterruptedException {
        pump.start();
        assertThat(ready.await(10, TimeUnit.SECONDS)).isTrue();
    }

    private State state(FakeSource source) {
        return info(source).state();
    }

    private SourceInfo info(FakeSource source) {
        return sources.sources().stream()
                .filter(info -> info.name().equals(source.name()))
                .findFirst()
                .orElseThrow();
    }

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
        assertThat(core.notifications).extracting(TaskNotification::source).containsExactly("good");
        await().until(() -> info(good).events() == 1);
    }

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
        assertThat(counts).isEqualTo(new EventCounts(1, 1, 1, 1, core.notifications.size()));
        assertThat(info(good).events()).isEqualTo(core.notifications.size());
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
        await().until(() -> pumpState() == Thread.State.TIMED_WAITING); // for a source, 30 s
        CompletableFuture<List<TaskNotification>> joined = new CompletableFuture<>();

        pump.tasks().snapshot(joined::complete);

        assertThat(joined.get(10, TimeUnit.SECONDS)).isNotEmpty();
    }

    private static Thread.State pumpState() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().equals("taskwatch-pump"))
                .findFirst()
                .orElseThrow()
                .getState();
    }

    @Test
    public void shouldLetJoinOnceItIsReady() throws Exception {
        CompletableFuture<List<TaskNotification>> joined = new CompletableFuture<>();
        pump.tasks().snapshot(joined::complete);
        sources.add(good, 100);
        start();

        assertThat(joined.get(10, TimeUnit.SECONDS)).hasSize(1);
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
        assertThat(core.notifications)
                .extracting(TaskNotification::source)
                .startsWith("plain", "plain", "plain", "plain", "plain", "plain", "good");
    }

    private static void live(Records recorder, int pid, long nanos) {
        recorder.cloned(nanos, pid, pid, 1, 1, 0);
        recorder.exited(nanos, pid, pid, 0);
        recorder.freed(nanos, pid);
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

        assertThat(core.notifications).extracting(TaskNotification::source).startsWith("good");
        assertThat(core.lines()).containsOnlyOnce("CLONE 5 0");
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
