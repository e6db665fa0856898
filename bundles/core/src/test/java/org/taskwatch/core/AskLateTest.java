// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.taskwatch.core.Fixture.bundle;

import org.junit.Test;
import org.taskwatch.api.TaskWatcher;
import org.taskwatch.api.Verdict;
import org.taskwatch.api.spi.Decision;
import org.taskwatch.api.tool.ModuleState;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;

/// What becomes of a question whose watcher does not answer in time.
public class AskLateTest extends AskFixture {
    @Test
    public void shouldAnswerForAWatcherThatIsLateAndAskNobodyBehindIt() throws Exception {
        Fixture core = core(SHORT);
        TaskWatcher hanging = hanging();
        core.sync(bundle("hung"), hanging);
        core.sync(bundle("behind"), telling("behind"));

        Future<Boolean> asking = threads.submit(() -> ask(core));

        await().until(() -> !answers.isEmpty());
        assertThat(answers).containsExactly(new Decision(LATE, hanging.getClass().getName(), true));
        assertThat(core.modules.watchers().getFirst().suspended()).contains("INIT within 50 ms");
        await().until(() -> told.contains("interrupted"));
        assertThat(core.modules.calls("hung")).hasSize(1);
        assertThat(asking).isNotDone();
        go.countDown();
        assertThat(asking.get()).isFalse();
        assertThat(told).containsOnly("interrupted");
        assertThat(answers).hasSize(1);
        assertThat(core.modules.calls("hung")).isEmpty();
    }

    @Test
    public void shouldCountNoFaultOfAWatcherThatEndsByTheInterrupt() {
        Fixture core = core(SHORT);
        core.sync(bundle("m"), waiting());

        assertThat(ask(core)).isFalse();

        assertThat(core.modules.modules().getFirst().faults()).isZero();
        assertThat(Thread.currentThread().isInterrupted()).isFalse();
    }

    @Test
    public void shouldAnswerALateQuestionAsTheAskerSays() {
        Fixture core = core(SHORT);
        core.sync(bundle("m"), waiting());

        core.notifier.ask(init(1), Verdict.ALLOW, answers::add);

        assertThat(answers).extracting(Decision::verdict).containsExactly(Verdict.ALLOW);
        assertThat(answers).extracting(Decision::isLate).containsExactly(true);
    }

    @Test
    public void shouldKeepToARefusalWhenALaterWatcherIsLate() {
        Fixture core = core(SHORT);
        TaskWatcher refusing = telling("a", REFUSED);
        core.sync(bundle("a"), refusing);
        core.sync(bundle("late"), waiting());

        assertThat(ask(core)).isFalse();

        assertThat(answers)
                .containsExactly(new Decision(REFUSED, refusing.getClass().getName(), false));
        assertThat(core.modules.watchers().getLast().suspended()).isNotEmpty();
    }

    @Test
    public void shouldGiveAllWatchersOneDeadline() {
        Duration deadline = Duration.ofMillis(200);
        Fixture core = core(deadline);
        TaskWatcher slow =
                _ -> {
                    long end = System.nanoTime() + deadline.toNanos() * 3 / 4;
                    while (System.nanoTime() < end) {
                        Thread.onSpinWait();
                    }
                    return Verdict.ALLOW;
                };
        core.sync(bundle("first"), slow);
        core.sync(bundle("second"), slow);

        assertThat(ask(core)).isFalse();

        assertThat(core.modules.watchers().getFirst().suspended()).isEmpty();
        assertThat(core.modules.watchers().getLast().suspended()).isNotEmpty();
    }

    @Test
    public void shouldLeaveTheInterruptOfTheAskingThreadAsItWas() {
        Fixture core = core(SHORT);
        AtomicBoolean seen = new AtomicBoolean();
        core.sync(
                bundle("a"),
                _ -> {
                    seen.set(Thread.currentThread().isInterrupted());
                    return Verdict.ALLOW;
                });
        core.sync(bundle("b"), waiting());
        Thread.currentThread().interrupt();

        ask(core);

        assertThat(Thread.interrupted()).isTrue();
        assertThat(seen).isFalse();
        Thread.currentThread().interrupt();
        ask(core);
        assertThat(Thread.interrupted()).isTrue();
    }

    @Test
    public void shouldAnswerAnOuterQuestionWhoseWatcherIsLateByAnInnerOne() throws Exception {
        Fixture core = core(SHORT);
        List<Decision> inner = Collections.synchronizedList(new ArrayList<>());
        core.sync(
                bundle("m"),
                n -> {
                    if (n.task().tid() == 1) {
                        core.notifier.ask(init(2), null, inner::add);
                        return Verdict.ALLOW;
                    }
                    return hanging().notify(n);
                });

        Future<Boolean> asking = threads.submit(() -> ask(core));

        await().until(() -> !answers.isEmpty() && !inner.isEmpty());
        assertThat(answers).extracting(Decision::isLate).containsExactly(true);
        go.countDown();
        assertThat(asking.get()).isFalse();
    }

    @Test
    public void shouldAnswerHundredsThatAreLateAtOnce() throws Exception {
        Fixture core = core(SHORT);
        core.sync(bundle("hung"), hanging());
        int many = 200;
        List<Future<Boolean>> asking = new ArrayList<>();
        for (int i = 0; i < many; i++) {
            asking.add(threads.submit(() -> ask(core)));
        }

        await().until(() -> answers.size() == many);

        go.countDown();
        int mine = 0;
        for (Future<Boolean> each : asking) {
            mine += each.get() ? 1 : 0;
        }
        // Those that asked after the suspension have given their answers themselves.
        assertThat(answers).filteredOn(Decision::isLate).hasSize(many - mine);
    }

    @Test
    public void shouldWaitForALateCallWhenItsBundleStops() throws Exception {
        Fixture core = core(SHORT);
        WatcherService service = core.sync(bundle("hung"), hanging());
        threads.submit(() -> ask(core));
        await().until(() -> !answers.isEmpty());

        Future<?> stopping = threads.submit(() -> core.remove(service));

        await().until(() ->
                core.modules.modules().stream().anyMatch(m -> m.state() == ModuleState.DRAINING));
        assertThat(core.modules.calls("hung")).hasSize(1);
        assertThat(stopping).isNotDone();
        go.countDown();
        stopping.get();
        assertThat(core.modules.modules()).isEmpty();
    }
}
