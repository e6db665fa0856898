// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import org.junit.After;
import org.junit.Test;
import org.osgi.framework.Bundle;
import org.taskwatch.api.Capture;
import org.taskwatch.api.Delivery;
import org.taskwatch.api.Errno;
import org.taskwatch.api.TaskEvent;
import org.taskwatch.api.TaskNotification;
import org.taskwatch.api.TaskWatcher;
import org.taskwatch.api.Verdict;
import org.taskwatch.api.spi.Decision;
import org.taskwatch.api.spi.Interest;
import org.taskwatch.testing.FakeTask;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;

/// What becomes of a question while the module of a watcher is away.
public class AskUpdateTest {
    private static final Duration SHORT = Duration.ofMillis(50);
    private static final Verdict LATE = Verdict.refuse(Errno.EAGAIN);
    private static final Verdict NEW = Verdict.refuse(Errno.EPERM, "the new revision");
    private static final Subscription INIT =
            new Subscription(Set.of(TaskEvent.INIT, TaskEvent.EXEC), Set.of(Capture.CWD), false);

    private final Fixture.FakeBundle fake = new Fixture.FakeBundle("m");
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final AtomicReference<Thread> asker = new AtomicReference<>();

    @After
    public void end() {
        threads.shutdown();
    }

    private static final class New implements TaskWatcher {
        @Override
        public Verdict notify(TaskNotification notification) {
            return NEW;
        }
    }

    private static Fixture core(Duration deadline) {
        return new Fixture(Fixture.limits(deadline, LATE, 0));
    }

    private static TaskWatcher allowing() {
        return _ -> Verdict.ALLOW;
    }

    private WatcherService start(Fixture core, Delivery delivery, TaskWatcher watcher) {
        fake.state.set(Bundle.ACTIVE);
        return core.add(fake.bundle, delivery, false, 0, watcher, INIT);
    }

    private WatcherService start(Fixture core, TaskWatcher watcher) {
        return start(core, Delivery.SYNC, watcher);
    }

    private void stop(Fixture core, WatcherService service) {
        fake.state.set(Bundle.STOPPING);
        core.remove(service);
        fake.state.set(Bundle.RESOLVED);
    }

    private static Decision ask(Fixture core) {
        AtomicReference<Decision> answer = new AtomicReference<>();
        TaskNotification init = FakeTask.process(1, null).now(TaskEvent.INIT, 0);
        core.notifier.ask(init, null, decision -> assertThat(answer.getAndSet(decision)).isNull());
        return answer.get();
    }

    private Future<Decision> asking(Fixture core) {
        return threads.submit(() -> {
            asker.set(Thread.currentThread());
            return ask(core);
        });
    }

    private void awaitWaiting() {
        await().until(() -> asker.get() != null && asker.get().getState() == Thread.State.WAITING);
    }

    private static Decision get(Future<Decision> asking) throws Exception {
        return asking.get(Fixture.DEADLINE.toMillis(), TimeUnit.MILLISECONDS);
    }

    private static Decision refusedByNew() {
        return new Decision(NEW, New.class.getName(), false);
    }

    @Test
    public void shouldWaitForTheNewRevisionAndTakeItsAnswer() throws Exception {
        Fixture core = core(Fixture.DEADLINE);
        stop(core, start(core, allowing()));
        Future<Decision> asking = asking(core);
        awaitWaiting();

        fake.wiring.set(Fixture.wiring());
        start(core, new New());

        assertThat(get(asking)).isEqualTo(refusedByNew());
    }

    @Test
    public void shouldAskTheNewRevisionWhenTheOldOneGoesBeforeItsTurn() throws Exception {
        Fixture core = core(Fixture.DEADLINE);
        AtomicReference<WatcherService> old = new AtomicReference<>();
        AtomicBoolean isOldAsked = new AtomicBoolean();
        core.sync(
                Fixture.bundle("first"),
                _ -> {
                    stop(core, old.get());
                    return Verdict.ALLOW;
                });
        old.set(
                start(
                        core,
                        _ -> {
                            isOldAsked.set(true);
                            return Verdict.ALLOW;
                        }));
        Future<Decision> asking = asking(core);
        awaitWaiting();

        fake.wiring.set(Fixture.wiring());
        start(core, new New());

        assertThat(get(asking)).isEqualTo(refusedByNew());
        assertThat(isOldAsked).isFalse();
    }

    @Test
    public void shouldAskEachWatcherOnceThatStays() throws Exception {
        Fixture core = core(Fixture.DEADLINE);
        CountDownLatch calls = new CountDownLatch(2);
        core.sync(
                Fixture.bundle("other"),
                _ -> {
                    calls.countDown();
                    return Verdict.ALLOW;
                });
        stop(core, start(core, allowing()));
        Future<Decision> asking = asking(core);
        awaitWaiting();

        fake.wiring.set(Fixture.wiring());
        start(core, allowing());

        assertThat(get(asking)).isEqualTo(Decision.ALLOWED);
        assertThat(calls.getCount()).isEqualTo(1);
    }

    @Test
    public void shouldWaitForAllWatchersOfTheEventThatTheNewRevisionDeclares() throws Exception {
        Fixture core = core(Fixture.DEADLINE);
        stop(core, start(core, allowing()));
        fake.wiring.set(Fixture.wiring(TaskEvent.INIT, New.class));
        start(core, Delivery.QUEUED, allowing());
        Future<Decision> asking = asking(core);
        awaitWaiting();

        start(core, new New());

        assertThat(get(asking)).isEqualTo(refusedByNew());
    }

    @Test
    public void shouldNotWaitForAWatcherOfAnotherEvent() {
        Fixture core = core(Fixture.DEADLINE);
        stop(core, start(core, allowing()));
        fake.wiring.set(Fixture.wiring(TaskEvent.EXIT, New.class));
        start(core, allowing());

        assertThat(ask(core)).isEqualTo(Decision.ALLOWED);
    }

    @Test
    public void shouldNotWaitForEverForAWatcherThatDoesNotCome() throws Exception {
        Fixture core = core(Fixture.DEADLINE);
        stop(core, start(core, allowing()));
        fake.wiring.set(Fixture.wiring(TaskEvent.INIT, New.class));
        start(core, Delivery.QUEUED, allowing());

        assertThat(get(asking(core))).isEqualTo(Decision.ALLOWED);
    }

    @Test
    public void shouldNameTheModuleAndSuspendNobodyWhenItDoesNotComeInTime() {
        Fixture core = core(SHORT);
        stop(core, start(core, allowing()));
        core.sync(Fixture.bundle("other"), allowing());

        assertThat(ask(core)).isEqualTo(new Decision(LATE, "m", true));

        assertThat(core.modules.watchers().getFirst().suspended()).isEmpty();
        assertThat(Thread.currentThread().isInterrupted()).isFalse();
    }

    @Test
    public void shouldNotWaitForABundleThatAnOperatorHasStopped() {
        Fixture core = core(Fixture.DEADLINE);
        WatcherService service = start(core, new New());
        fake.isMarked.set(false);
        stop(core, service);

        assertThat(ask(core)).isEqualTo(Decision.ALLOWED);
    }

    @Test
    public void shouldWaitForNobodyWhileTheFrameworkStops() {
        Fixture core = core(Fixture.DEADLINE);
        WatcherService service = start(core, new New());
        core.isEnding.set(true);
        stop(core, service);

        assertThat(ask(core)).isEqualTo(Decision.ALLOWED);
    }

    @Test
    public void shouldNotWaitForAModuleThatAnOperatorHasTakenOut() throws Exception {
        Fixture core = core(Fixture.DEADLINE);
        start(core, new New());
        core.modules.unregister("m");

        assertThat(ask(core)).isEqualTo(Decision.ALLOWED);
    }

    @Test
    public void shouldNotWaitWithoutADeadline() {
        Fixture core = core(Duration.ZERO);
        stop(core, start(core, new New()));

        assertThat(ask(core)).isEqualTo(Decision.ALLOWED);
    }

    @Test
    public void shouldWaitForNobodyOnceTheCoreStops() throws Exception {
        Fixture core = core(Fixture.DEADLINE);
        stop(core, start(core, allowing()));
        Future<Decision> asking = asking(core);
        awaitWaiting();

        core.registry.expectNobody();

        assertThat(get(asking)).isEqualTo(Decision.ALLOWED);
    }

    @Test
    public void shouldGoOnWhenTheModuleDoesNotComeBackWithinTheHoldTime() {
        Limits l = Fixture.limits(Fixture.DEADLINE, LATE, 0);
        Fixture core =
                new Fixture(
                        new Limits(
                                l.laneCapacity(),
                                l.laneBytes(),
                                l.lanesBytes(),
                                SHORT,
                                l.interruptAfter(),
                                l.unloadDeadline(),
                                l.syncDeadline(),
                                l.late(),
                                0));
        stop(core, start(core, new New()));

        assertThat(ask(core)).isEqualTo(Decision.ALLOWED);
    }

    @Test
    public void shouldStillBeInterestedInWhatAModuleIsAskedThatIsAway() {
        Fixture core = core(SHORT);
        Interest interest = core.published.interest();
        stop(core, start(core, allowing()));

        assertThat(interest.isWatched(TaskEvent.INIT)).isTrue();
        assertThat(interest.captures(TaskEvent.INIT)).containsExactly(Capture.CWD);
        assertThat(interest.isWatched(TaskEvent.EXEC)).isFalse();

        fake.wiring.set(Fixture.wiring(TaskEvent.INIT, New.class));
        fake.state.set(Bundle.ACTIVE);
        core.queued(fake.bundle, allowing());
        assertThat(interest.isWatched(TaskEvent.INIT)).isTrue();
    }
}
