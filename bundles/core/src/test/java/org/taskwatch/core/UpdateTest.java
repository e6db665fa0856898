// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.taskwatch.core.Fixture.task;

import org.junit.Test;
import org.osgi.framework.Bundle;
import org.taskwatch.api.Delivery;
import org.taskwatch.api.TaskEvent;
import org.taskwatch.api.TaskNotification;
import org.taskwatch.api.TaskWatcher;
import org.taskwatch.api.Verdict;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

/// What a module that goes away and comes back is told.
public class UpdateTest {
    private static final Duration SOON = Duration.ofMillis(1);

    private final List<Integer> told = Collections.synchronizedList(new ArrayList<>());
    private final Fixture.FakeBundle fake = new Fixture.FakeBundle("m");

    private final class Teller implements TaskWatcher {
        @Override
        public Verdict notify(TaskNotification n) {
            told.add(n.task().tid());
            return Verdict.ALLOW;
        }
    }

    private static final class Other implements TaskWatcher {
        final List<Integer> told = Collections.synchronizedList(new ArrayList<>());

        @Override
        public Verdict notify(TaskNotification n) {
            told.add(n.task().tid());
            return Verdict.ALLOW;
        }
    }

    private void stop(Fixture core, WatcherService service) throws Exception {
        fake.state.set(Bundle.STOPPING);
        core.registry.remove(service);
        fake.state.set(Bundle.RESOLVED);
    }

    private WatcherService start(Fixture core, TaskWatcher watcher, TaskEvent event) {
        fake.state.set(Bundle.ACTIVE);
        return core.add(fake.bundle, Delivery.QUEUED, 0, watcher, event);
    }

    private WatcherService update(Fixture core, WatcherService old) throws Exception {
        stop(core, old);
        fake.wiring.set(Fixture.wiring());
        return start(core, new Teller(), TaskEvent.EXEC);
    }

    private void tell(Fixture core, int number) {
        core.notifier.notify(TaskEvent.EXEC, 0, task(number));
    }

    private void awaitTold(Integer... numbers) {
        await().pollInterval(SOON).until(() -> told.equals(List.of(numbers)));
    }

    @Test
    public void shouldTellEachEventOnceAndInOrderOverAHundredUpdates() throws Exception {
        Fixture core = new Fixture(capacity(10_000));
        WatcherService service = start(core, new Teller(), TaskEvent.EXEC);
        AtomicBoolean isDone = new AtomicBoolean();
        AtomicInteger number = new AtomicInteger();
        Thread storm =
                Thread.ofPlatform()
                        .start(() -> {
                            while (!isDone.get()) {
                                if (number.get() - told.size() < 1_000) {
                                    tell(core, number.getAndIncrement());
                                }
                            }
                        });

        for (int i = 0; i < 100; i++) {
            int seen = told.size();
            await().pollInterval(SOON).until(() -> told.size() > seen);
            service = update(core, service);
        }
        isDone.set(true);
        storm.join();

        await().pollInterval(SOON).until(() -> told.size() >= number.get());
        assertThat(told).isEqualTo(IntStream.range(0, number.get()).boxed().toList());
    }

    private static Limits capacity(int capacity) {
        Limits l = Fixture.limits();
        return new Limits(
                capacity,
                capacity * Lane.ENTRY_BYTES,
                0,
                l.hold(),
                l.interruptAfter(),
                l.unloadDeadline(),
                l.syncDeadline(),
                l.late(),
                l.mostFaults());
    }

    private static Limits hold(Duration hold) {
        Limits l = Fixture.limits();
        return new Limits(
                l.laneCapacity(),
                l.laneBytes(),
                l.lanesBytes(),
                hold,
                l.interruptAfter(),
                l.unloadDeadline(),
                l.syncDeadline(),
                l.late(),
                l.mostFaults());
    }

    @Test
    public void shouldTellTheNewRevisionWhatHappenedWhileItWasAway() throws Exception {
        Fixture core = new Fixture();
        WatcherService service = start(core, new Teller(), TaskEvent.EXEC);
        tell(core, 1);
        awaitTold(1);
        stop(core, service);
        tell(core, 2);
        tell(core, 3);
        assertThat(core.modules.modules()).isEmpty();

        fake.wiring.set(Fixture.wiring());
        start(core, new Teller(), TaskEvent.EXEC);
        tell(core, 4);

        awaitTold(1, 2, 3, 4);
    }

    @Test
    public void shouldTellABundleThatTookThePlaceOfAnUninstalledOne() throws Exception {
        Fixture core = new Fixture();
        stop(core, start(core, new Teller(), TaskEvent.EXEC));
        fake.state.set(Bundle.UNINSTALLED);
        tell(core, 1);

        core.add(Fixture.bundle("m"), Delivery.QUEUED, 0, new Teller(), TaskEvent.EXEC);

        awaitTold(1);
    }

    @Test
    public void shouldNotTellABundleThatWasOnlyStoppedAndStarted() throws Exception {
        Fixture core = new Fixture();
        stop(core, start(core, new Teller(), TaskEvent.EXEC));
        tell(core, 1);

        start(core, new Teller(), TaskEvent.EXEC);
        tell(core, 2);

        awaitTold(2);
    }

    @Test
    public void shouldDropWhatWasHeldForOneThatDoesNotComeBack() throws Exception {
        Fixture core = new Fixture(hold(SOON));
        stop(core, start(core, new Teller(), TaskEvent.EXEC));
        await().pollInterval(SOON)
                .until(() -> core.published.targets(TaskEvent.EXEC).lanes().length == 0);
        tell(core, 1);

        fake.wiring.set(Fixture.wiring());
        start(core, new Teller(), TaskEvent.EXEC);
        tell(core, 2);

        awaitTold(2);
    }

    @Test
    public void shouldLeaveOutWhatTheNewRevisionDoesNotWatch() throws Exception {
        Fixture core = new Fixture();
        stop(core, start(core, new Teller(), TaskEvent.EXEC));
        tell(core, 1);
        fake.wiring.set(Fixture.wiring());

        start(core, new Teller(), TaskEvent.EXIT);
        tell(core, 2);
        core.notifier.notify(TaskEvent.EXIT, 0, task(3));

        awaitTold(3);
    }

    @Test
    public void shouldWaitForAllWatchersThatTheNewRevisionDeclares() throws Exception {
        Fixture core = new Fixture();
        stop(core, start(core, new Teller(), TaskEvent.EXEC));
        tell(core, 1);
        fake.wiring.set(Fixture.wiring(Teller.class, Other.class));
        Other other = new Other();

        start(core, new Teller(), TaskEvent.EXEC);
        tell(core, 2);
        assertThat(told).isEmpty();
        start(core, other, TaskEvent.EXEC);

        awaitTold(1, 2);
        await().until(() -> other.told.equals(List.of(1, 2)));
    }

    @Test
    public void shouldNotWaitForEverForAWatcherThatDoesNotCome() throws Exception {
        Fixture core = new Fixture();
        stop(core, start(core, new Teller(), TaskEvent.EXEC));
        tell(core, 1);
        fake.wiring.set(Fixture.wiring(Teller.class, Other.class));

        start(core, new Teller(), TaskEvent.EXEC);

        awaitTold(1);
    }
}
