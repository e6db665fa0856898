// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.itests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.Test;
import org.osgi.framework.Bundle;
import org.osgi.framework.FrameworkUtil;
import org.taskwatch.api.Delivery;
import org.taskwatch.api.Loss;
import org.taskwatch.api.TaskNotification;
import org.taskwatch.api.TaskWatcher;
import org.taskwatch.api.Verdict;
import org.taskwatch.api.WatchTask;
import org.taskwatch.api.tool.CallInfo;
import org.taskwatch.api.tool.ModuleState;
import org.taskwatch.api.tool.UnloadException;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;

/// Watchers that throw, give no verdict, loop or sleep.
public class FaultyWatcherIT extends BadWatcher {
    @Test
    public void shouldCountWhatAWatcherThrowsAndSuspendItAfterManyInARow() throws Exception {
        faulty(
                "on purpose",
                _ -> {
                    throw new IllegalArgumentException("on purpose");
                });
        faulty(
                "AssertionError",
                _ -> {
                    throw new AssertionError("on purpose");
                });
        faulty("StackOverflowError", this::overflow);
        faulty("null", _ -> null);
    }

    @SuppressWarnings("InfiniteRecursion")
    private Verdict overflow(TaskNotification notification) {
        return overflow(notification);
    }

    private void faulty(String lastFault, Deed deed) throws Exception {
        for (Delivery delivery : Delivery.values()) {
            calls.set(0);
            Bundle bundle =
                    bad(
                            delivery,
                            n -> {
                                calls.incrementAndGet();
                                return deed.on(n);
                            });
            for (int i = 0; i < 2 * MOST_FAULTS; i++) {
                raiseForTheGood();
            }
            awaitThat(() -> !watcher(bundle).suspended().isEmpty());
            assertThat(watcher(bundle).lastFault()).contains(lastFault);
            assertThat(watcher(bundle).suspended()).contains(MOST_FAULTS + " faults in a row");
            assertThat(module(bundle.getSymbolicName()).faults()).isEqualTo(MOST_FAULTS);
            assertThat(module(bundle.getSymbolicName()).references()).isEmpty();
            assertThat(calls).hasValue(MOST_FAULTS);

            awaitThat(() -> module(bundle.getSymbolicName()).lane().depth() == 0);
            modules.resume(bundle.getSymbolicName());
            raiseForTheGood();
            awaitThat(() -> calls.get() == MOST_FAULTS + 1);
            bundle.uninstall();
        }
    }

    @Test
    public void shouldHandAnErrorOfTheVirtualMachineToTheHandlerOfTheCallingThread()
            throws Exception {
        List<Throwable> handled = Collections.synchronizedList(new ArrayList<>());
        var before = Thread.getDefaultUncaughtExceptionHandler();
        Thread.setDefaultUncaughtExceptionHandler((_, error) -> handled.add(error));
        try {
            for (Delivery delivery : Delivery.values()) {
                handled.clear();
                Bundle bundle =
                        bad(
                                delivery,
                                _ -> {
                                    throw new InternalError("on purpose");
                                });
                raiseForTheGood();
                awaitThat(() -> handled.size() == 1);
                assertThat(handled.getFirst()).isInstanceOf(InternalError.class);
                assertThat(watcher(bundle).faults()).isEqualTo(1);
                raiseForTheGood();
                awaitThat(() -> handled.size() == 2);
                bundle.uninstall();
            }
        } finally {
            Thread.setDefaultUncaughtExceptionHandler(before);
        }
    }

    /// Loops until the test is over, whatever interrupts it.
    private Verdict loop(TaskNotification notification) {
        calls.incrementAndGet();
        while (!isLetGo.get()) {
            Thread.onSpinWait();
        }
        return Verdict.ALLOW;
    }

    private Verdict sleep(TaskNotification notification) throws InterruptedException {
        if (calls.getAndIncrement() == 0) {
            TimeUnit.HOURS.sleep(1);
        }
        return Verdict.ALLOW;
    }

    @Test
    public void shouldLoseOnlyItsOwnEventsWhenAQueuedWatcherLoopsAndBeStuckWhenItIsStopped()
            throws Exception {
        Bundle bundle = bad(Delivery.QUEUED, this::loop);
        String name = bundle.getSymbolicName();
        raiseForTheGood();
        awaitThat(() -> calls.get() == 1);
        for (int i = 0; i < LANE + 9; i++) {
            raiseForTheGood();
        }
        assertThat(module(name).lane().lost()).isEqualTo(9);

        stopIsStuck(bundle, "taskwatch-lane-" + name);
    }

    /// Notes values and losses in the order in which it is told them; held up in its first call.
    private final class HeldUp implements TaskWatcher {
        private final List<Object> told = Collections.synchronizedList(new ArrayList<>());

        @Override
        public Verdict notify(TaskNotification notification) {
            told.add(notification.value());
            return loop(notification);
        }

        @Override
        public void lost(Loss loss) {
            told.add(loss);
        }
    }

    @Test
    public void shouldTellAQueuedWatcherExactlyWhatItsFullLaneHasLostAndSinceWhen() {
        HeldUp watcher = new HeldUp();
        var registration =
                context.registerService(
                        TaskWatcher.class,
                        watcher,
                        FrameworkUtil.asDictionary(Map.of(WatchTask.WATCH_TASK, "INIT")));
        try {
            raise();
            awaitThat(() -> watcher.told.size() == 1);
            raiseMany(LANE);
            Instant full = Instant.now();
            raiseMany(9);
            Instant end = Instant.now();
            isLetGo.set(true);
            awaitThat(() -> watcher.told.size() == 1 + LANE + 1);
            raise();
            awaitThat(() -> watcher.told.size() == 1 + LANE + 2);

            Loss loss = (Loss) watcher.told.remove(1 + LANE);
            assertThat(loss.count()).isEqualTo(9);
            assertThat(loss.place()).isEqualTo(Loss.Place.LANE);
            assertThat(loss.since()).isBetween(full, end);
            List<Object> values = new ArrayList<>(LongStream.rangeClosed(0, LANE).boxed().toList());
            values.add(1L + LANE + 9);
            assertThat(watcher.told).isEqualTo(values);
            assertThat(module(context.getBundle().getSymbolicName()).lane().lost()).isEqualTo(9);
        } finally {
            isLetGo.set(true);
            registration.unregister();
        }
    }

    private void raiseMany(int count) {
        for (int i = 0; i < count; i++) {
            raise();
        }
    }

    @Test
    public void shouldSuspendASyncWatcherThatLoopsAndBeStuckWhenItIsStopped() throws Exception {
        Bundle bundle = bad(Delivery.SYNC, this::loop);
        assertThat(raise()).isSameAs(Verdict.ALLOW);
        raiseForTheGood();
        assertThat(watcher(bundle).suspended()).contains("no answer to INIT within 700 ms");
        assertThat(calls).hasValue(1);
        assertThatThrownBy(() -> modules.resume(bundle.getSymbolicName()))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("in flight");

        stopIsStuck(bundle, "taskwatch-sync-");
    }

    private void stopIsStuck(Bundle bundle, String thread) throws Exception {
        String name = bundle.getSymbolicName();
        assertThat(module(name).inFlight()).isEqualTo(1);
        assertThatThrownBy(() -> modules.unregister(name))
                .isInstanceOf(UnloadException.class)
                .hasMessageContaining(thread);
        assertThat(module(name).state()).isEqualTo(ModuleState.STUCK);
        bundle.stop();
        assertThat(bundle.getState()).isEqualTo(Bundle.RESOLVED);
        raiseForTheGood();
        assertThat(module(name).state()).isEqualTo(ModuleState.STUCK);
        CallInfo call = modules.calls(name).getFirst();
        assertThat(call.thread()).startsWith(thread);
        assertThat(call.stack()).anyMatch(frame -> frame.getMethodName().equals("loop"));
        assertThat(calls).hasValue(1);

        isLetGo.set(true);
        awaitThat(() -> !isKnown(bundle));
    }

    @Test
    public void shouldTellOfTheCallThatTheStopOfABundleDoesNotWaitForAnyLonger() throws Exception {
        for (Delivery delivery : Delivery.values()) {
            isLetGo.set(false);
            calls.set(0);
            Bundle bundle = bad(delivery, this::loop);
            raise();
            awaitThat(() -> calls.get() == 1);
            long start = System.nanoTime();
            bundle.uninstall();
            Duration took = Duration.ofNanos(System.nanoTime() - start);
            assertThat(took).isBetween(UNLOAD_DEADLINE, UNLOAD_DEADLINE.multipliedBy(3));
            assertThat(module(bundle.getSymbolicName()).state()).isEqualTo(ModuleState.STUCK);
            raiseForTheGood();
            isLetGo.set(true);
            awaitThat(() -> !isKnown(bundle));
        }
    }

    @Test
    public void shouldInterruptAQueuedWatcherThatSleepsWhenItIsStopped() throws Exception {
        Bundle bundle = bad(Delivery.QUEUED, this::sleep);
        raiseForTheGood();
        awaitThat(() -> calls.get() == 1);
        bundle.stop();
        assertThat(isKnown(bundle)).isFalse();
        raiseForTheGood();
        assertThat(calls).hasValue(1);
    }

    @Test
    public void shouldInterruptASyncWatcherThatSleepsAtTheDeadlineAndLetItBeResumed()
            throws Exception {
        Bundle bundle = bad(Delivery.SYNC, this::sleep);
        raiseForTheGood();
        assertThat(watcher(bundle).suspended()).contains("no answer to INIT");
        awaitThat(() -> module(bundle.getSymbolicName()).inFlight() == 0);
        modules.resume(bundle.getSymbolicName());
        raiseForTheGood();
        assertThat(calls).hasValue(2);
        assertThat(watcher(bundle).suspended()).isEmpty();
    }
}
