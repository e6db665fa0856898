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

import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/// Who receives while watchers are slow, hang, are answered for, or the tree or the server ends.
public class ReceiverTest {
    private static final Decision LATE = new Decision(Verdict.refuse(Errno.EAGAIN), "Hung", true);

    @Rule public final TreeFixture gated = new TreeFixture();

    /// The answers of watchers that hang.
    private final Queue<Consumer<Decision>> hung = new ConcurrentLinkedQueue<>();

    private void hang(int forker, Consumer<Decision> answer) throws InterruptedException {
        if (forker == 7) {
            hung.add(answer);
            gated.released.await();
        }
        answer.accept(Decision.ALLOWED);
    }

    private void startWithAHungWatcherFor7() {
        gated.watchers.watcher = (forker, _, answer) -> hang(forker, answer);
        gated.start(null);
    }

    private void awaitHung(int count) {
        await().until(() -> hung.size() == count);
    }

    private void answerForTheHung() {
        hung.forEach(answer -> answer.accept(LATE));
    }

    @Test
    public void shouldHoldUpNobodyElseWhileAWatcherIsSlow() {
        startWithAHungWatcherFor7();
        gated.kernel.fork(7);
        awaitHung(1);

        gated.kernel.fork(8);
        gated.kernel.fork(9);

        gated.awaitAnswers("2 allowed", "3 allowed");
        assertThat(gated.tree().info().waiting()).isEqualTo(1);
        gated.released.countDown();
        gated.awaitAnswers("1 allowed", "2 allowed", "3 allowed");
    }

    @Test
    public void shouldReceiveNoMoreThan16ThatWaitForAnAnswer() {
        startWithAHungWatcherFor7();
        IntStream.range(0, 20).forEach(_ -> gated.kernel.fork(7));
        awaitHung(16);
        gated.kernel.fork(8);

        assertThat(gated.kernel.waiting()).isEqualTo(5);
        assertThat(gated.tree().info().waiting()).isEqualTo(16);

        answerForTheHung(); // their threads stay where they are, and the next ones come
        awaitHung(20);
        await().untilAsserted(() -> assertThat(gated.kernel.answers()).contains("21 allowed"));
        answerForTheHung();
        GateInfo info = gated.settled();
        assertThat(info.refused()).isEqualTo(20);
        assertThat(info.late()).isEqualTo(20);
        assertThat(info.asked()).isEqualTo(21);
    }

    @Test
    public void shouldAnswerOnceWhereTheLateAnswerAndTheWatcherMeet() {
        startWithAHungWatcherFor7();
        gated.kernel.fork(7);
        awaitHung(1);

        answerForTheHung();
        gated.awaitAnswers("1 refused 11");
        gated.released.countDown(); // and the watcher allows

        gated.kernel.fork(8);
        gated.awaitAnswers("1 refused 11", "2 allowed");
        assertThat(gated.settled().allowed()).isEqualTo(1);
    }

    @Test
    public void shouldCloseTheListenerOnlyWhenWhatWasAskedIsAnswered() throws Exception {
        startWithAHungWatcherFor7();
        gated.kernel.fork(7);
        awaitHung(1);

        gated.kernel.hangUp();
        gated.kernel.kill(1);
        assertThat(gated.kernel.isClosed()).isFalse();

        answerForTheHung();
        gated.awaitClosed(); // though the thread of the watcher has not come back
        gated.awaitAnswers("1 gone");
        assertThat(gated.told()).containsExactly("7 ended -1 interrupted: who forks was killed");
    }

    @Test
    public void shouldAskNobodyWhenItStopsAndAnswerWhatWasAsked() throws Exception {
        startWithAHungWatcherFor7();
        gated.kernel.fork(7);
        awaitHung(1);

        gated.stop();
        gated.kernel.fork(8);
        gated.released.countDown();

        gated.awaitClosed();
        assertThat(gated.kernel.answers()).containsExactly("1 allowed");
        assertThat(gated.kernel.waiting()).isEqualTo(1);
    }

    @Test
    public void shouldNotWaitLongForAListenerThatAnotherProcessReceivesFrom() throws Exception {
        gated.start(null);
        gated.kernel.steal(true);
        gated.kernel.fork(7);
        await().until(gated.kernel::isBlocked);

        gated.stop();
        assertThat(gated.tree().awaitClosed(TimeUnit.HOURS.toNanos(1), 0)).isFalse();

        gated.kernel.steal(false);
        gated.awaitClosed();
    }

    @Test
    public void shouldStopThoughAsManyHangAsMayBeReceived() throws Exception {
        startWithAHungWatcherFor7();
        IntStream.range(0, 16).forEach(_ -> gated.kernel.fork(7));
        awaitHung(16);

        gated.stop();
        answerForTheHung();

        gated.awaitClosed();
    }

    /// Watchers that answer, throw, or hang until another thread answers for them, forkers that are killed meanwhile,
    /// and an end of the tree or of the server in the middle.
    @Test
    public void shouldAnswerEachOnceInWhateverOrderThingsHappen() throws Exception {
        List<Thread> late = new ArrayList<>();
        gated.watchers.watcher =
                (forker, _, answer) -> {
                    switch (forker % 5) {
                        case 0 -> answer.accept(new Decision(LATE.verdict(), "No", false));
                        case 1 -> throw new IllegalStateException("on purpose");
                        case 2 -> {
                            Thread watchdog = new Thread(() -> answer.accept(LATE));
                            synchronized (late) {
                                late.add(watchdog);
                            }
                            watchdog.start();
                            Thread.yield();
                            answer.accept(Decision.ALLOWED);
                        }
                        case 3 -> {
                            gated.kernel.kill(forker);
                            answer.accept(Decision.ALLOWED);
                        }
                        default -> answer.accept(Decision.ALLOWED);
                    }
                };
        gated.start(null);
        int last = 2000;
        int end = ThreadLocalRandom.current().nextInt(last);
        for (int tid = 1; tid <= last; tid++) {
            gated.kernel.fork(tid); // its id is the tid too
            if (tid == end) {
                gated.stop();
            }
        }
        gated.awaitClosed();
        for (Thread watchdog : late) {
            watchdog.join();
        }

        GateInfo info = gated.settled();
        assertThat(info.asked()).isEqualTo(last - gated.kernel.waiting());
        assertThat(info.allowed() + info.refused() + info.interrupted()).isEqualTo(info.asked());
        assertThat(gated.kernel.answers()).hasSize((int) info.asked());
    }
}
