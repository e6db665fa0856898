// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.itests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import org.junit.Test;
import org.osgi.framework.Bundle;
import org.taskwatch.api.Delivery;
import org.taskwatch.api.TaskEvent;
import org.taskwatch.api.Verdict;
import org.taskwatch.api.tool.ModuleState;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/// Watchers that stop bundles, take modules out and in, or raise events, from inside a call.
public class MeddlingWatcherIT extends BadWatcher {
    @Test
    public void shouldLetAWatcherStopItsOwnBundle() throws Exception {
        for (Delivery delivery : Delivery.values()) {
            calls.set(0);
            List<Bundle> own = new ArrayList<>();
            own.add(
                    bad(
                            delivery,
                            _ -> {
                                calls.incrementAndGet();
                                own.getFirst().stop();
                                return Verdict.ALLOW;
                            }));
            raiseForTheGood();
            awaitThat(() -> own.getFirst().getState() == Bundle.RESOLVED);
            awaitThat(() -> !isKnown(own.getFirst()));
            raiseForTheGood();
            assertThat(calls).hasValue(1);
            own.getFirst().uninstall();
        }
    }

    @Test
    public void shouldLetAWatcherStopAnotherBundle() throws Exception {
        for (Delivery delivery : Delivery.values()) {
            for (Delivery its : Delivery.values()) {
                AtomicInteger itsCalls = new AtomicInteger();
                Bundle other =
                        start(
                                "other",
                                its,
                                _ -> {
                                    itsCalls.incrementAndGet();
                                    return Verdict.ALLOW;
                                });
                Bundle bundle =
                        bad(
                                delivery,
                                _ -> {
                                    other.stop();
                                    return Verdict.ALLOW;
                                });
                raiseForTheGood();
                awaitThat(() -> other.getState() == Bundle.RESOLVED && !isKnown(other));
                int before = itsCalls.get();
                raiseForTheGood();
                assertThat(itsCalls).hasValue(before).hasValueLessThan(2);
                assertThat(module(bundle.getSymbolicName()).faults()).isZero();
                bundle.uninstall();
                other.uninstall();
            }
        }
    }

    @Test
    public void shouldLetAWatcherTakeModulesOutAndIn() throws Exception {
        for (Delivery delivery : Delivery.values()) {
            calls.set(0);
            AtomicInteger otherCalls = new AtomicInteger();
            Bundle other =
                    start(
                            "other",
                            delivery,
                            _ -> {
                                otherCalls.incrementAndGet();
                                return Verdict.ALLOW;
                            });
            String own = PREFIX + "bad-" + delivery;
            Bundle bundle =
                    bad(
                            delivery,
                            _ -> {
                                for (String name : List.of(other.getSymbolicName(), own)) {
                                    modules.unregister(name);
                                    modules.register(name);
                                }
                                calls.incrementAndGet();
                                return Verdict.ALLOW;
                            });
            for (int i = 1; i <= 3; i++) {
                int times = i;
                raiseForTheGood();
                awaitThat(() -> calls.get() == times);
            }
            assertThat(module(own).state()).isEqualTo(ModuleState.LIVE);
            assertThat(module(own).faults()).isZero();
            assertThat(module(other.getSymbolicName()).state()).isEqualTo(ModuleState.LIVE);
            bundle.uninstall();
            int before = otherCalls.get();
            raiseForTheGood();
            awaitThat(() -> otherCalls.get() > before);
            other.uninstall();
        }
    }

    @Test
    public void shouldLetAQueuedWatcherRaiseEvents() throws Exception {
        Bundle bundle =
                bad(
                        Delivery.QUEUED,
                        n -> {
                            if (n.event() == TaskEvent.INIT && n.value() < 10) {
                                notifier.notify(TaskEvent.INIT, n.value() + 10, n.task());
                            }
                            return Verdict.ALLOW;
                        });
        raise();
        awaitThat(() -> queued.size() == 2 && sync.size() == 2);
        assertThat(queued).containsExactlyInAnyOrder(0L, 10L);
        assertThat(sync).containsExactlyInAnyOrder(0L, 10L);
        assertThat(module(bundle.getSymbolicName()).faults()).isZero();
    }

    @Test
    public void shouldEndASyncWatcherThatRaisesWhatItWatchesInAFault() throws Exception {
        Bundle bundle =
                bad(
                        Delivery.SYNC,
                        n -> {
                            calls.incrementAndGet();
                            return notifier.notify(n);
                        });
        raise();
        assertThat(calls).hasValue(16);
        assertThat(watcher(bundle).faults()).isEqualTo(1);
        assertThat(watcher(bundle).lastFault()).contains("16 deep");
        assertThat(module(bundle.getSymbolicName()).inFlight()).isZero();
        bundle.stop();
        awaitThat(() -> queued.size() == 17);
        assertThat(sync).hasSize(16);
        assertThatCode(this::raise).doesNotThrowAnyException();
        awaitThat(() -> queued.getLast() == 1 && sync.getLast() == 1);
    }

    @Test
    public void shouldEndAtTheUnloadDeadlineWhenTwoStopEachOther() throws Exception {
        for (Delivery delivery : Delivery.values()) {
            CyclicBarrier both = new CyclicBarrier(2);
            List<Bundle> pair = Collections.synchronizedList(new ArrayList<>());
            pair.add(start("other", Delivery.QUEUED, _ -> stop(both, pair.get(1))));
            pair.add(bad(delivery, _ -> stop(both, pair.get(0))));
            long start = System.nanoTime();
            raiseForTheGood();
            awaitThat(() -> pair.stream().allMatch(b -> b.getState() == Bundle.RESOLVED));
            assertThat(Duration.ofNanos(System.nanoTime() - start))
                    .isBetween(UNLOAD_DEADLINE, UNLOAD_DEADLINE.multipliedBy(4));
            awaitThat(() -> pair.stream().noneMatch(this::isKnown));
            raiseForTheGood();
            for (Bundle bundle : pair) {
                bundle.uninstall();
            }
        }
    }

    private static Verdict stop(CyclicBarrier both, Bundle other) throws Exception {
        both.await(DEADLINE.toSeconds(), TimeUnit.SECONDS);
        other.stop();
        return Verdict.ALLOW;
    }
}
