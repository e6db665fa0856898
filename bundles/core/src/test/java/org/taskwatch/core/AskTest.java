// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.taskwatch.core.Fixture.bundle;

import org.junit.Test;
import org.taskwatch.api.Delivery;
import org.taskwatch.api.Errno;
import org.taskwatch.api.TaskEvent;
import org.taskwatch.api.TaskWatcher;
import org.taskwatch.api.Verdict;
import org.taskwatch.api.spi.Decision;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicReference;

/// What becomes of a question: who is asked, on which thread, and who answers.
public class AskTest extends AskFixture {
    @Test
    public void shouldAllowAtOnceWhatNobodyWatches() {
        assertThat(ask(core(Fixture.DEADLINE))).isTrue();

        assertThat(answers).containsExactly(Decision.ALLOWED);
    }

    @Test
    public void shouldAskStaticTableThenModulesOnTheAskingThread() {
        Watcher linked =
                Watcher.linked(telling("table"), "f", new Subscription(Set.of(TaskEvent.INIT)));
        Fixture core = core(Fixture.DEADLINE, linked);
        core.sync(bundle("a"), telling("a"));
        core.sync(bundle("b"), telling("b"));

        assertThat(ask(core)).isTrue();

        String here = " on " + Thread.currentThread().getName();
        assertThat(told).containsExactly("table" + here, "a" + here, "b" + here);
        assertThat(answers).containsExactly(Decision.ALLOWED);
    }

    @Test
    public void shouldAnswerWithTheFirstRefusalAndNameWhoHasRefused() {
        Fixture core = core(Fixture.DEADLINE);
        TaskWatcher refusing = telling("a", REFUSED);
        core.sync(bundle("a"), refusing);
        core.sync(bundle("b"), telling("b", Verdict.refuse(Errno.ENOMEM)));

        assertThat(ask(core)).isTrue();

        assertThat(told).hasSize(2);
        assertThat(answers)
                .containsExactly(new Decision(REFUSED, refusing.getClass().getName(), false));
    }

    @Test
    public void shouldPutAQuestionOnTheLanesOfQueuedWatchers() {
        Fixture core = core(Fixture.DEADLINE);
        core.add(bundle("a"), Delivery.QUEUED, 0, telling("queued", REFUSED), TaskEvent.INIT);

        assertThat(ask(core)).isTrue();

        await().until(() -> told.size() == 1);
        assertThat(told.getFirst()).doesNotContain(Thread.currentThread().getName());
        assertThat(answers).containsExactly(Decision.ALLOWED);
    }

    @Test
    public void shouldAskInPlaceForAsLongAsItTakesWithoutADeadline() throws Exception {
        Fixture core = core(Duration.ZERO);
        TaskWatcher hanging = hanging();
        core.sync(bundle("m"), hanging);
        Future<Boolean> asking = threads.submit(() -> ask(core));
        await().until(() -> !core.modules.calls("m").isEmpty());

        go.countDown();

        assertThat(asking.get()).isTrue();
        assertThat(answers)
                .containsExactly(new Decision(REFUSED, hanging.getClass().getName(), false));
    }

    @Test
    public void shouldAnswerAlsoWhenAWatcherThrowsAnErrorOfTheVirtualMachine() throws Exception {
        Fixture core = core(Fixture.DEADLINE);
        CompletableFuture<Throwable> handled = new CompletableFuture<>();
        InternalError error = new InternalError("on purpose");
        core.sync(
                bundle("bad"),
                _ -> {
                    throw error;
                });
        core.sync(bundle("good"), telling("good"));
        Thread asking = new Thread(() -> ask(core));
        asking.setUncaughtExceptionHandler((_, thrown) -> handled.complete(thrown));

        asking.start();
        asking.join();

        assertThat(handled).isCompletedWithValue(error);
        assertThat(told).hasSize(1);
        assertThat(answers).containsExactly(Decision.ALLOWED);
    }

    @Test
    public void shouldAnswerAsForWhoIsLateWhenAskingFails() {
        Fixture core =
                Fixture.ticking(
                        Fixture.limits(SHORT, LATE, 0),
                        (_, _) -> {
                            throw new OutOfMemoryError("no thread, on purpose");
                        });
        core.sync(bundle("m"), telling("m"));

        assertThatThrownBy(() -> ask(core)).isInstanceOf(OutOfMemoryError.class);

        assertThat(answers).containsExactly(new Decision(LATE, "", false));
    }

    @Test
    public void shouldEndQuestionsThatAskThemselvesInAClearErrorAndAnswerEach() {
        Fixture core = core(Fixture.DEADLINE);
        AtomicReference<RuntimeException> deepest = new AtomicReference<>();
        core.sync(
                bundle("m"),
                n -> {
                    try {
                        core.notifier.ask(n, null, answers::add);
                    } catch (IllegalStateException e) {
                        deepest.set(e);
                    }
                    return Verdict.ALLOW;
                });

        ask(core);

        assertThat(deepest.get()).hasMessageContaining("notifying from inside a notification");
        assertThat(answers).hasSize(17).first().isEqualTo(new Decision(LATE, "", false));
        assertThat(answers.subList(1, 17)).containsOnly(Decision.ALLOWED);
    }

    @Test
    public void shouldAllowWhenAWatcherIsSuspendedBeforeItsTurn() {
        Fixture core = new Fixture(Fixture.limits(Fixture.DEADLINE, LATE, 1));
        AtomicReference<Watcher> second = new AtomicReference<>();
        core.sync(
                bundle("first"),
                _ -> {
                    core.registry.suspend(second.get(), "on purpose");
                    return Verdict.ALLOW;
                });
        core.sync(bundle("second"), telling("second"));
        second.set(core.published.live().getLast().watchers().getFirst());

        assertThat(ask(core)).isTrue();

        assertThat(told).isEmpty();
        assertThat(answers).containsExactly(Decision.ALLOWED);
    }
}
