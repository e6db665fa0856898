// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.gate.impl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import org.junit.Rule;
import org.junit.Test;
import org.taskwatch.api.Errno;
import org.taskwatch.api.Verdict;
import org.taskwatch.api.spi.Decision;
import org.taskwatch.gate.GateInfo;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/// What becomes of a call.
public class GatedTreeTest {
    private static final Verdict REFUSED = Verdict.refuse(Errno.EPERM, "no more");
    private static final String KILLED = "interrupted: who forks was killed";

    @Rule public final TreeFixture gated = new TreeFixture();

    private void answer(Decision decision) {
        gated.watchers.watcher = (_, _, answer) -> answer.accept(decision);
    }

    @Test
    public void shouldTellTheTableThatAForkIsAllowedBeforeTheKernel() {
        CompletableFuture<Integer> answeredWhenTold = new CompletableFuture<>();
        gated.forks.whenAllowed = () -> answeredWhenTold.complete(gated.kernel.answers().size());
        gated.start(null);

        long id = gated.kernel.fork(7);

        gated.awaitAnswers(id + " allowed");
        assertThat(answeredWhenTold).isCompletedWithValue(0);
        assertThat(gated.told()).containsExactly("7 allowed");
        GateInfo info = gated.settled();
        assertThat(info.asked()).isEqualTo(1);
        assertThat(info.allowed()).isEqualTo(1);
        assertThat(info.slowest()).isPositive();
    }

    @Test
    public void shouldRefuseWithTheErrnoAndTheReasonOfTheWatcher() {
        answer(new Decision(REFUSED, "Curfew", false));
        gated.start(null);

        long id = gated.kernel.fork(7);

        gated.awaitAnswers(id + " refused 1");
        assertThat(gated.settled().refused()).isEqualTo(1);
        assertThat(gated.told()).containsExactly("7 ended 1 refused by Curfew: no more");
    }

    @Test
    public void shouldSayWhoWasLate() {
        answer(new Decision(Verdict.refuse(Errno.EAGAIN), "Slow", true));
        gated.start(null);

        long id = gated.kernel.fork(7);

        gated.awaitAnswers(id + " refused 11");
        GateInfo info = gated.settled();
        assertThat(info.refused()).isEqualTo(1);
        assertThat(info.late()).isEqualTo(1);
        assertThat(gated.told()).containsExactly("7 ended 11 refused, as Slow was late");
    }

    /// It is the one that looks after the deadlines of all gates.
    @Test
    public void shouldNotKeepTheThreadThatAnswersForALateWatcherWhileTheEndIsTold() {
        CountDownLatch mayEnd = new CountDownLatch(1);
        gated.forks.whenEnded =
                () -> {
                    try {
                        assertThat(mayEnd.await(TreeFixture.SECONDS, TimeUnit.SECONDS)).isTrue();
                    } catch (InterruptedException e) {
                        throw new IllegalStateException(e);
                    }
                };
        gated.watchers.watcher =
                (_, _, answer) -> {
                    Decision late = new Decision(Verdict.refuse(Errno.EAGAIN), "Slow", true);
                    Thread.ofPlatform().start(() -> answer.accept(late)).join();
                    mayEnd.countDown();
                };
        gated.start(null);

        gated.kernel.fork(7);

        await().until(() -> gated.told().equals(List.of("7 ended 11 refused, as Slow was late")));
        assertThat(gated.settled().late()).isEqualTo(1);
    }

    @Test
    public void shouldHandOnWhatTheCommandSaysOfLateWatchers() {
        CompletableFuture<Verdict> given = new CompletableFuture<>();
        gated.watchers.watcher =
                (_, late, answer) -> {
                    given.complete(late);
                    answer.accept(Decision.ALLOWED);
                };
        gated.start(REFUSED);

        gated.kernel.fork(7);

        await().untilAsserted(() -> assertThat(given).isCompletedWithValue(REFUSED));
    }

    @Test
    public void shouldEndAForkWhoseForkerWasKilledMeanwhile() {
        gated.watchers.watcher =
                (_, _, answer) -> {
                    gated.kernel.kill(gated.watchers.asked.get());
                    answer.accept(
                            gated.watchers.asked.get() == 1
                                    ? Decision.ALLOWED
                                    : new Decision(REFUSED, "Curfew", false));
                };
        gated.start(null);

        gated.kernel.fork(7);
        gated.awaitAnswers("1 gone");
        gated.kernel.fork(8);
        gated.awaitAnswers("1 gone", "2 gone");

        GateInfo info = gated.settled();
        assertThat(info.interrupted()).isEqualTo(2);
        assertThat(info.allowed() + info.refused()).isZero();
        assertThat(gated.told())
                .containsExactly("7 allowed", "7 ended -1 " + KILLED, "8 ended -1 " + KILLED);
    }

    @Test
    public void shouldLetForksGoAtOnceWhileNobodyWatches() {
        gated.watchers.isWatched = false;
        gated.start(null);
        long id = gated.kernel.fork(7);
        gated.awaitAnswers(id + " allowed");

        gated.watchers.isWatched = true;
        long next = gated.kernel.fork(7);
        gated.awaitAnswers(id + " allowed", next + " allowed");

        GateInfo info = gated.settled();
        assertThat(info.unasked()).isEqualTo(1);
        assertThat(info.asked()).isEqualTo(1);
        assertThat(gated.told()).containsExactly("7 allowed");
    }

    @Test
    public void shouldAskNobodyOnceItIsUngated() {
        answer(new Decision(REFUSED, "Curfew", false));
        gated.start(null);
        long id = gated.kernel.fork(7);
        gated.awaitAnswers(id + " refused 1");

        gated.tree().ungate();
        long next = gated.kernel.fork(7);

        gated.awaitAnswers(id + " refused 1", next + " allowed");
        assertThat(gated.settled().isUngated()).isTrue();
        assertThat(gated.settled().unasked()).isEqualTo(1);
    }

    @Test
    public void shouldLetGoWhatIsNoFork() {
        answer(new Decision(REFUSED, "Curfew", false));
        gated.start(null);

        long id = gated.kernel.call(7, FakeListener.GETPID, 0);

        gated.awaitAnswers(id + " allowed");
        assertThat(gated.watchers.asked).hasValue(0);
    }

    @Test
    public void shouldAskOnceForAForkThatTheKernelBeginsAgain() {
        gated.start(null);

        await().until(() -> { // two at a time, as a machine that is busy may be too slow for it
            gated.kernel.fork(7);
            gated.kernel.fork(7);
            return gated.tree().info().repeated() > 0;
        });

        GateInfo info = gated.settled();
        assertThat(gated.watchers.asked).hasValue((int) info.asked());
        assertThat(info.asked() + info.repeated()).isEqualTo(gated.kernel.answers().size());
        assertThat(info.allowed()).isEqualTo(info.asked());
    }

    @Test
    public void shouldAnswerWhateverFails() {
        gated.forks.isBroken = true;
        gated.start(Verdict.refuse(Errno.ENOMEM));
        gated.kernel.fork(7);
        gated.awaitAnswers("1 refused 12");

        gated.forks.isBroken = false;
        gated.watchers.watcher =
                (_, _, _) -> {
                    throw new IllegalStateException("on purpose");
                };
        gated.kernel.fork(8);
        gated.awaitAnswers("1 refused 12", "2 refused 12");

        gated.watchers.watcher =
                (_, _, answer) -> {
                    gated.forks.isBroken = true;
                    answer.accept(Decision.ALLOWED);
                    answer.accept(new Decision(REFUSED, "Curfew", false)); // it answers once
                };
        gated.kernel.fork(9);
        gated.awaitAnswers("1 refused 12", "2 refused 12", "3 allowed");

        assertThat(gated.settled().faults()).isEqualTo(3);
        assertThat(gated.told())
                .containsExactly("8 ended 12 refused: asking has failed", "9 allowed");
    }

    @Test
    public void shouldEndWithTheLastTask() throws Exception {
        gated.start(null);
        long id = gated.kernel.fork(7);
        gated.awaitAnswers(id + " allowed");

        gated.kernel.hangUp();

        gated.awaitClosed();
        assertThat(gated.kernel.isClosed()).isTrue();
    }

    @Test
    public void shouldAddUpWhatAllGatesCount() {
        gated.start(null);
        gated.kernel.fork(7);
        gated.kernel.fork(8);

        gated.awaitAnswers("1 allowed", "2 allowed");
        gated.settled();
        assertThat(gated.counts.get(Count.ASKED)).isEqualTo(2);
        assertThat(gated.counts.get(Count.ALLOWED)).isEqualTo(2);
    }
}
