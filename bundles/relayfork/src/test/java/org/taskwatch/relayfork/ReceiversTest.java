// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.relayfork;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import org.junit.After;
import org.junit.Test;
import org.taskwatch.api.Loss;
import org.taskwatch.api.tool.Counter;
import org.taskwatch.linux.LinuxException;
import org.taskwatch.linux.Signal;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.atomic.AtomicInteger;

/// What receivers are told, and what they are told to have missed.
public class ReceiversTest {
    private static final int EPERM = 1;
    private static final String FORK = Signal.REAL_TIME_MIN + ":" + Signal.ASYNCIO + " ";
    private static final String MISSED = Signal.REAL_TIME_MIN + ":" + Signal.QUEUE + " 0-";
    private static final int NOW = 5;
    private static final int PLENTY = 1000;

    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
    private final AtomicInteger emptied = new AtomicInteger();
    private final SignalCounts counts = new SignalCounts();
    private final Receivers receivers = new Receivers(timer, emptied::incrementAndGet);

    @After
    public void endTimer() {
        timer.shutdownNow();
    }

    private FakeTarget add(int pid, int room) {
        FakeTarget target = new FakeTarget(pid, room);
        receivers.add(new Receiver(target, counts, NOW, System.nanoTime()));
        return target;
    }

    private void fork(int parent, int child) {
        receivers.relay(parent, child, 0, NOW);
    }

    private static Signal signal(int child) {
        return new Signal(Signal.REAL_TIME_MIN, Signal.ASYNCIO, 10, 0, child);
    }

    private static List<String> awaitTold(FakeTarget target, int count) {
        List<String> told = new ArrayList<>();
        await().atMost(Duration.ofSeconds(10))
                .until(() -> told.addAll(target.take()) && told.size() >= count);
        return told;
    }

    @Test
    public void shouldTakeNoMoreReceiversThanMayBe() throws Exception {
        FakeTarget first = add(1, PLENTY);
        for (int pid = 2; pid <= 1024; pid++) {
            receivers.checkRoom();
            add(pid, PLENTY);
        }
        assertThatThrownBy(receivers::checkRoom).hasMessageStartingWith("ENOSPC");
        first.fail(LinuxException.ESRCH);
        receivers.living();
        receivers.checkRoom();
    }

    @Test
    public void shouldTryAgainAfterAnErrorInTheTimer() {
        FakeTarget full = add(1, 0);
        AtomicInteger errors = new AtomicInteger();
        full.onSend(() -> {
            if (Thread.currentThread().getName().startsWith("pool")
                    && errors.getAndIncrement() == 0) {
                throw new InternalError("on purpose");
            }
        });
        fork(10, 11);
        await().dontCatchUncaughtExceptions().until(() -> errors.get() == 1);
        full.makeRoom();

        assertThat(awaitTold(full, 1)).containsExactly(MISSED + 1);
    }

    @Test
    public void shouldTellEachReceiverOfEachFork() {
        FakeTarget one = add(1, PLENTY);
        FakeTarget two = add(2, PLENTY);

        fork(10, 11);
        fork(0, 12);

        assertThat(one.take()).containsExactly(FORK + "10-11", FORK + "0-12");
        assertThat(two.take()).containsExactly(FORK + "10-11", FORK + "0-12");
        assertThat(receivers.living()).extracting(Receiver::told).containsExactly(2L, 2L);
    }

    @Test
    public void shouldKeepTheCountsOfReceiversThatHaveGone() {
        FakeTarget full = add(1, 1);
        FakeTarget refused = add(2, PLENTY);
        Instant before = Instant.now();
        fork(10, 11);
        refused.fail(EPERM);
        fork(10, 12);
        receivers.miss(7); // lost before it came here, and counted there
        full.fail(LinuxException.ESRCH);
        fork(10, 13);

        assertThat(receivers.size()).isZero();
        assertThat(counts.counters())
                .contains(
                        new Counter("relayfork_signals_sent_total", 2),
                        new Counter("relayfork_signals_failed_total", 1));
        Counter lost = counts.counters().getLast();
        assertThat(lost).isEqualTo(Counter.lost(Loss.Place.READER, "relayfork", 1, lost.since()));
        assertThat(lost.since()).isBetween(before, Instant.now());
    }

    @Test
    public void shouldTellByTheSignalThatWasSet() {
        FakeTarget target = add(1, PLENTY);

        receivers.signal(Signal.MAX);
        fork(10, 11);

        assertThat(target.take()).containsExactly(Signal.MAX + ":" + Signal.ASYNCIO + " 10-11");
    }

    @Test
    public void shouldNotTellOfForksFromBeforeTheRegistrationUnlessTheClockWasSet() {
        FakeTarget target = new FakeTarget(1, PLENTY);
        FakeTarget older = new FakeTarget(2, PLENTY);
        long hour = Duration.ofHours(1).toNanos();
        long now = System.nanoTime();
        receivers.add(new Receiver(target, counts, hour, now));
        receivers.add(new Receiver(older, counts, hour, now - Duration.ofSeconds(3).toNanos()));

        receivers.relay(10, 11, 0, hour - 1);
        receivers.relay(10, 12, 0, hour);

        assertThat(target.take()).containsExactly(FORK + "10-12");
        assertThat(older.take()).containsExactly(FORK + "10-11", FORK + "10-12");
    }

    @Test
    public void shouldTellHowManyWereMissedBeforeItGoesOn() {
        FakeTarget target = new FakeTarget(1, 2);
        Receiver receiver = new Receiver(target, counts, NOW, System.nanoTime());
        for (int child = 11; child <= 15; child++) {
            receiver.relay(signal(child), NOW);
        }
        assertThat(target.take()).containsExactly(FORK + "10-11", FORK + "10-12");

        receiver.relay(signal(16), NOW);

        assertThat(target.take()).containsExactly(MISSED + "3", FORK + "10-16");
        assertThat(receiver.told()).isEqualTo(3);
        assertThat(receiver.missed()).isEqualTo(3);
        receiver.close();
    }

    @Test
    public void shouldCountTheForkThatFindsRoomForTheLossAlone() {
        FakeTarget target = new FakeTarget(1, 1);
        Receiver receiver = new Receiver(target, counts, NOW, System.nanoTime());
        receiver.relay(signal(11), NOW);
        receiver.relay(signal(12), NOW);
        target.take();

        assertThat(receiver.relay(signal(13), NOW)).isEqualTo(Receiver.State.BEHIND);

        assertThat(target.take()).containsExactly(MISSED + "1");
        assertThat(receiver.tellMissed(Signal.REAL_TIME_MIN)).isEqualTo(Receiver.State.TOLD);
        assertThat(target.take()).containsExactly(MISSED + "1");
        assertThat(receiver.missed()).isEqualTo(2);
        receiver.close();
    }

    @Test
    public void shouldTellWhatWasMissedAlsoIfThereIsNoFurtherFork() {
        FakeTarget target = add(1, 1);
        fork(10, 11);
        fork(10, 12);

        assertThat(awaitTold(target, 2)).containsExactly(FORK + "10-11", MISSED + "1");
    }

    @Test
    public void shouldTellAllOfWhatNobodyWasToldOfEachAtItsTime() {
        FakeTarget full = add(1, 1);
        FakeTarget free = add(2, PLENTY);
        fork(10, 11);

        receivers.miss(7);

        assertThat(free.take()).containsExactly(FORK + "10-11", MISSED + "7");
        assertThat(awaitTold(full, 2)).containsExactly(FORK + "10-11", MISSED + "7");
    }

    @Test
    public void shouldTellNoMoreThanASignalCanCarry() {
        FakeTarget target = add(1, PLENTY);

        receivers.miss(1L << 40);

        assertThat(target.take()).containsExactly(MISSED + Integer.MAX_VALUE);
        assertThat(receivers.living().getFirst().missed()).isEqualTo(1L << 40);
    }

    @Test
    public void shouldTellOneThatWasRegisteredBeforeThatNobodyKnowsHowManyItMissed() {
        FakeTarget target = new FakeTarget(1, PLENTY);
        receivers.add(new Receiver(target, counts));

        receivers.tellMissed();
        fork(10, 11);

        assertThat(target.take()).containsExactly(MISSED + "0", FORK + "10-11");
    }

    @Test
    public void shouldLetGoWhoIsGoneAndGoOnWithTheOthers() {
        FakeTarget gone = add(1, PLENTY);
        FakeTarget stays = add(2, PLENTY);
        gone.fail(LinuxException.ESRCH);

        fork(10, 11);

        assertThat(gone.isClosed()).isTrue();
        assertThat(stays.take()).hasSize(1);
        assertThat(receivers.living()).extracting(r -> r.identity().pid()).containsExactly(2);
        assertThat(emptied).hasValue(0);
    }

    @Test
    public void shouldLetGoWhoMayNotBeSignalledAnyMore() {
        FakeTarget target = add(1, PLENTY);
        target.fail(EPERM);

        fork(10, 11);

        assertThat(target.isClosed()).isTrue();
        assertThat(receivers.isEmpty()).isTrue();
        await().atMost(Duration.ofSeconds(10)).until(() -> emptied.get() == 1);
    }

    @Test
    public void shouldLetGoWhoHasEndedWithoutAnyFork() {
        add(1, PLENTY).fail(LinuxException.ESRCH);

        assertThat(receivers.living()).isEmpty();
        await().atMost(Duration.ofSeconds(10)).until(() -> emptied.get() == 1);
    }
}
