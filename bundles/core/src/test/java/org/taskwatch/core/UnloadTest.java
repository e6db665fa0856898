// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.taskwatch.core.Fixture.bundle;
import static org.taskwatch.core.Fixture.task;

import org.junit.Test;
import org.osgi.framework.Bundle;
import org.taskwatch.api.Delivery;
import org.taskwatch.api.TaskEvent;
import org.taskwatch.api.TaskNotification;
import org.taskwatch.api.TaskWatcher;
import org.taskwatch.api.Verdict;
import org.taskwatch.api.tool.ModuleInfo;
import org.taskwatch.api.tool.ModuleState;
import org.taskwatch.api.tool.UnloadException;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicInteger;

/// What unregistering promises.
public class UnloadTest {
    private static final Duration SHORT = Duration.ofMillis(30);
    private static final Duration LONG = Fixture.DEADLINE;

    /// A watcher that stays in its call until it is let go, whatever interrupts it.
    private static final class Held implements TaskWatcher {
        final CountDownLatch entered = new CountDownLatch(1);
        final CountDownLatch go = new CountDownLatch(1);
        final AtomicInteger calls = new AtomicInteger();
        final AtomicInteger interrupts = new AtomicInteger();

        @Override
        public Verdict notify(TaskNotification n) {
            calls.incrementAndGet();
            entered.countDown();
            while (go.getCount() > 0) {
                try {
                    go.await();
                } catch (InterruptedException _) {
                    interrupts.incrementAndGet();
                }
            }
            return Verdict.ALLOW;
        }
    }

    private static CompletableFuture<Void> run(Action action) {
        CompletableFuture<Void> done = new CompletableFuture<>();
        Thread.ofPlatform()
                .daemon()
                .start(() -> {
                    try {
                        action.run();
                        done.complete(null);
                    } catch (Throwable t) {
                        done.completeExceptionally(t);
                    }
                });
        return done;
    }

    private interface Action {
        void run() throws Exception;
    }

    private static ModuleInfo only(Fixture core) {
        assertThat(core.modules.modules()).hasSize(1);
        return core.modules.modules().getFirst();
    }

    private static Fixture core(Duration interruptAfter, Duration deadline) {
        return new Fixture(Fixture.unloadLimits(interruptAfter, deadline));
    }

    @Test
    public void shouldWaitForTheCallInFlightAndCallNoMore() throws Exception {
        for (Delivery delivery : Delivery.values()) {
            Fixture core = new Fixture();
            Held held = new Held();
            WatcherService service = core.add(bundle("m"), delivery, 0, held, TaskEvent.EXEC);
            var notifying = run(() -> core.notifier.notify(TaskEvent.EXEC, 0, task(1)));
            held.entered.await();
            assertThat(only(core).inFlight()).isEqualTo(1);
            assertThat(only(core).referenceCount()).isEqualTo(2);

            var stopping = run(() -> core.registry.remove(service));
            await().until(() -> only(core).state() == ModuleState.DRAINING);
            core.notifier.notify(TaskEvent.EXEC, 0, task(2));
            assertThat(stopping).isNotDone();
            assertThat(core.modules.calls("m").getFirst().summary()).contains("Held");

            held.go.countDown();
            assertThat(stopping).succeedsWithin(LONG);
            core.notifier.notify(TaskEvent.EXEC, 0, task(3));
            assertThat(notifying).succeedsWithin(LONG);
            assertThat(held.calls).hasValue(1);
            assertThat(core.modules.modules()).isEmpty();
        }
    }

    @Test
    public void shouldStopTheBundleWhenTheLastCallHasEnded() throws Exception {
        Fixture core = new Fixture();
        Held held = new Held();
        Bundle bundle = bundle("m");
        core.add(bundle, Delivery.QUEUED, 0, held, TaskEvent.EXEC);
        core.notifier.notify(TaskEvent.EXEC, 0, task(1));
        held.entered.await();

        var unloading = run(() -> core.modules.unload("m"));
        await().until(() -> only(core).state() == ModuleState.DRAINING);
        assertThat(unloading).isNotDone();
        assertThat(bundle.getState()).isEqualTo(Bundle.ACTIVE);

        held.go.countDown();
        assertThat(unloading).succeedsWithin(LONG);
        assertThat(bundle.getState()).isEqualTo(Bundle.RESOLVED);
    }

    @Test
    public void shouldNotWaitForItselfWhenAWatcherUnloadsItsOwnModule() {
        for (Delivery delivery : Delivery.values()) {
            Fixture core = new Fixture();
            CompletableFuture<String> result = new CompletableFuture<>();
            AtomicInteger calls = new AtomicInteger();
            core.add(
                    bundle("m"),
                    delivery,
                    0,
                    _ -> {
                        calls.incrementAndGet();
                        core.modules.unregister("m");
                        result.complete(only(core).state() + " " + only(core).inFlight());
                        return Verdict.ALLOW;
                    },
                    TaskEvent.EXEC);

            core.notifier.notify(TaskEvent.EXEC, 0, task(1));
            assertThat(result).succeedsWithin(LONG).isEqualTo("GONE 1");
            core.notifier.notify(TaskEvent.EXEC, 0, task(2));

            await().until(() -> only(core).inFlight() == 0);
            assertThat(calls).hasValue(1);
        }
    }

    @Test
    public void shouldInterruptACallThatDoesNotEnd() throws Exception {
        Fixture core = core(SHORT, LONG);
        CountDownLatch entered = new CountDownLatch(1);
        WatcherService service =
                core.queued(
                        bundle("m"),
                        _ -> {
                            entered.countDown();
                            new CountDownLatch(1).await();
                            return Verdict.ALLOW;
                        });
        core.notifier.notify(TaskEvent.EXEC, 0, task(1));
        entered.await();

        assertThatCode(() -> core.registry.remove(service)).doesNotThrowAnyException();
    }

    @Test
    public void shouldBeStuckAtTheDeadlineNamingTheCallAndGoneWhenItEnds() throws Exception {
        Fixture core = core(SHORT, SHORT.multipliedBy(5));
        Held held = new Held();
        core.queued(bundle("m"), held);
        core.notifier.notify(TaskEvent.EXEC, 0, task(1));
        held.entered.await();

        assertThatThrownBy(() -> core.modules.unregister("m"))
                .isInstanceOf(UnloadException.class)
                .hasMessageContaining("Held")
                .hasMessageContaining("taskwatch-lane-m");
        assertThat(only(core).state()).isEqualTo(ModuleState.STUCK);
        assertThat(held.interrupts).hasValue(1);
        assertThatThrownBy(() -> core.modules.register("m"))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("STUCK");

        held.go.countDown();
        await().until(() -> only(core).state() == ModuleState.GONE);
        core.modules.register("m");
        core.notifier.notify(TaskEvent.EXEC, 0, task(2));
        await().until(() -> held.calls.get() == 2);
    }

    @Test
    public void shouldUnregisterOthersWhileOneDoesNotEnd() throws Exception {
        Fixture core = new Fixture();
        Held held = new Held();
        WatcherService hung = core.sync(bundle("hung"), held);
        AtomicInteger calls = new AtomicInteger();
        WatcherService other = core.queued(bundle("other"), _ -> allow(calls));
        run(() -> core.notifier.notify(TaskEvent.EXEC, 0, task(1)));
        held.entered.await();
        var stopping = run(() -> core.registry.remove(hung));
        await().until(() -> core.modules.modules().getLast().state() == ModuleState.DRAINING);

        core.notifier.notify(TaskEvent.EXEC, 0, task(2));
        await().until(() -> calls.get() == 2);
        assertThat(run(() -> core.registry.remove(other))).succeedsWithin(LONG);
        assertThat(stopping).isNotDone();

        held.go.countDown();
        assertThat(stopping).succeedsWithin(LONG);
    }

    @Test
    public void shouldLetEachOfSeveralUnregistrationsWait() throws Exception {
        Fixture core = new Fixture();
        Held held = new Held();
        core.sync(bundle("m"), held);
        run(() -> core.notifier.notify(TaskEvent.EXEC, 0, task(1)));
        held.entered.await();

        var one = run(() -> core.modules.unregister("m"));
        await().until(() -> only(core).state() == ModuleState.DRAINING);
        var two = run(() -> core.modules.unregister("m"));
        assertThatThrownBy(() -> two.get(50, java.util.concurrent.TimeUnit.MILLISECONDS))
                .isNotInstanceOf(ExecutionException.class);
        held.go.countDown();

        assertThat(one).succeedsWithin(LONG);
        assertThat(two).succeedsWithin(LONG);
    }

    @Test
    public void shouldStayOutByAnOperatorsCommandUntilTakenInAgain() throws Exception {
        Fixture core = new Fixture();
        Bundle bundle = bundle("m");
        AtomicInteger calls = new AtomicInteger();
        core.sync(bundle, _ -> allow(calls));
        core.modules.unregister("m");
        core.sync(bundle, _ -> allow(calls));

        core.notifier.notify(TaskEvent.EXEC, 0, task(1));
        assertThat(calls).hasValue(0);
        assertThat(only(core).state()).isEqualTo(ModuleState.GONE);

        core.modules.register("m");
        core.notifier.notify(TaskEvent.EXEC, 0, task(2));
        assertThat(calls).hasValue(2);
    }

    @Test
    public void shouldUnregisterAsAWholeWhenTheBundleStops() throws Exception {
        Fixture core = new Fixture();
        Fixture.FakeBundle fake = new Fixture.FakeBundle("m");
        Bundle bundle = fake.bundle;
        AtomicInteger calls = new AtomicInteger();
        WatcherService one = core.sync(bundle, _ -> allow(calls));
        WatcherService two = core.sync(bundle, _ -> allow(calls));
        WatcherService three = core.sync(bundle, _ -> allow(calls));

        core.registry.remove(one);
        core.notifier.notify(TaskEvent.EXEC, 0, task(1));
        assertThat(calls).hasValue(2);

        fake.state.set(Bundle.STOPPING);
        core.registry.remove(two);
        core.notifier.notify(TaskEvent.EXEC, 0, task(2));
        assertThat(calls).hasValue(2);
        core.registry.remove(three);
        assertThat(core.modules.modules()).isEmpty();
    }

    @Test
    public void shouldSayWhichModulesThereAreNot() {
        Fixture core = new Fixture();

        assertThatThrownBy(() -> core.modules.unregister("nosuch"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("no module is named nosuch");
    }

    private static Verdict allow(AtomicInteger calls) {
        calls.incrementAndGet();
        return Verdict.ALLOW;
    }
}
