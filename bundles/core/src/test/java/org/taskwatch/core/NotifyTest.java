// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.taskwatch.core.Fixture.bundle;
import static org.taskwatch.core.Fixture.task;

import org.junit.Test;
import org.taskwatch.api.Delivery;
import org.taskwatch.api.Errno;
import org.taskwatch.api.Loss;
import org.taskwatch.api.TaskEvent;
import org.taskwatch.api.TaskNotification;
import org.taskwatch.api.TaskWatcher;
import org.taskwatch.api.Verdict;
import org.taskwatch.api.tool.UnloadException;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;

/// What a notification does.
public class NotifyTest {
    private final List<String> told = Collections.synchronizedList(new ArrayList<>());

    private TaskWatcher telling(String name) {
        return n -> {
            told.add(name + n.task().tid());
            return Verdict.ALLOW;
        };
    }

    @Test
    public void shouldCallStaticTableThenModulesInOrderOfRegistrationAndRankingInside() {
        Watcher linked =
                Watcher.linked(telling("table"), "f", new Subscription(Set.of(TaskEvent.EXEC)));
        Fixture core = new Fixture(Fixture.limits(), linked);
        var second = bundle("second");
        core.sync(bundle("first"), telling("first"));
        core.add(second, Delivery.SYNC, 0, telling("low"), TaskEvent.EXEC);
        core.sync(bundle("third"), telling("third"));
        core.add(second, Delivery.SYNC, 5, telling("high"), TaskEvent.EXEC);
        core.add(second, Delivery.SYNC, 0, telling("late"), TaskEvent.EXEC);

        core.notifier.notify(TaskEvent.EXEC, 0, task(1));

        assertThat(told).containsExactly("table1", "first1", "high1", "low1", "late1", "third1");
    }

    @Test
    public void shouldCallOnlyTheWatchersOfTheEvent() {
        Fixture core = new Fixture();
        core.add(bundle("m"), Delivery.SYNC, 0, telling("exit"), TaskEvent.EXIT);

        core.notifier.notify(TaskEvent.EXEC, 0, task(1));
        core.notifier.notify(TaskEvent.EXIT, 0, task(2));

        assertThat(told).containsExactly("exit2");
    }

    @Test
    public void shouldAnswerWithTheFirstRefusalAndCallAll() {
        Fixture core = new Fixture();
        core.sync(bundle("a"), telling("a"));
        core.sync(bundle("b"), _ -> Verdict.refuse(Errno.EAGAIN));
        core.sync(bundle("c"), _ -> Verdict.refuse(Errno.EPERM));
        core.sync(bundle("d"), telling("d"));

        assertThat(core.notifier.notify(TaskEvent.INIT, 0, task(1)))
                .isSameAs(Verdict.refuse(Errno.EAGAIN));
        assertThat(told).containsExactly("a1", "d1");
    }

    @Test
    public void shouldAllowWhatCannotBeRefused() {
        Fixture core = new Fixture();
        core.sync(bundle("a"), _ -> Verdict.refuse(Errno.EAGAIN));

        assertThat(core.notifier.notify(TaskEvent.EXEC, 0, task(1))).isSameAs(Verdict.ALLOW);
    }

    @Test
    public void shouldHarmNobodyElseWhenAWatcherThrowsOrGivesNoVerdict() {
        Fixture core = new Fixture();
        core.sync(
                bundle("thrower"),
                _ -> {
                    throw new IOException("on purpose");
                });
        core.sync(bundle("error"), _ -> recurse(0));
        core.sync(bundle("silent"), nothing());
        core.sync(bundle("good"), telling("good"));

        for (int i = 1; i <= 3; i++) {
            core.notifier.notify(TaskEvent.EXEC, 0, task(i));
        }

        assertThat(told).containsExactly("good1", "good2", "good3");
        assertThat(core.modules.modules()).extracting("faults").containsExactly(3L, 3L, 3L, 0L);
        assertThat(core.modules.modules()).extracting("calls").containsOnly(3L);
        assertThat(core.modules.watchers().getFirst().lastFault()).contains("on purpose");
    }

    @SuppressWarnings("InfiniteRecursion")
    private static Verdict recurse(int depth) {
        return recurse(depth + 1);
    }

    @SuppressWarnings("NullAway") // what a foreign watcher may do
    private static TaskWatcher nothing() {
        return _ -> null;
    }

    @Test
    public void shouldNotSwallowAnErrorOfTheVirtualMachine() {
        Fixture core = new Fixture();
        core.sync(
                bundle("m"),
                _ -> {
                    throw new InternalError("on purpose");
                });

        assertThatThrownBy(() -> core.notifier.notify(TaskEvent.EXEC, 0, task(1)))
                .isInstanceOf(InternalError.class);
        assertThat(core.modules.modules().getFirst().faults()).isEqualTo(1);
        assertThat(core.modules.modules().getFirst().inFlight()).isZero();
    }

    @Test
    public void shouldKeepAnErrorOfTheVirtualMachineFromTheNotifierUnderADeadline() {
        Fixture core = new Fixture(Fixture.limits(Fixture.DEADLINE, Verdict.ALLOW, 0));
        InternalError error = new InternalError("on purpose");
        CompletableFuture<Throwable> handled = new CompletableFuture<>();
        core.sync(
                bundle("bad"),
                _ -> {
                    Thread.currentThread()
                            .setUncaughtExceptionHandler((_, thrown) -> handled.complete(thrown));
                    throw error;
                });
        core.sync(bundle("good"), telling("good"));

        core.notifier.notify(TaskEvent.EXEC, 0, task(1));

        assertThat(handled).isCompletedWithValue(error);
        assertThat(told).containsExactly("good1");
        assertThat(core.modules.modules()).extracting("faults").containsExactly(1L, 0L);
    }

    @Test
    public void shouldEndNotificationsThatCallThemselvesInAClearError() {
        for (Duration syncDeadline : List.of(Duration.ZERO, Fixture.DEADLINE)) {
            told.clear();
            Fixture core = new Fixture(Fixture.limits(syncDeadline, Verdict.ALLOW, 0));
            core.sync(
                    bundle("m"),
                    n -> {
                        told.add("deeper");
                        return core.notifier.notify(n);
                    });

            core.notifier.notify(TaskEvent.EXEC, 0, task(1));

            assertThat(told).hasSize(16);
            assertThat(core.modules.watchers().getFirst().lastFault())
                    .contains("notifying from inside a notification");
            assertThat(core.modules.modules().getFirst().inFlight()).isZero();
        }
    }

    @Test
    public void shouldCallQueuedWatchersInOrderOnOneThreadOfTheirModule() {
        Fixture core = new Fixture();
        List<Thread> threads = Collections.synchronizedList(new ArrayList<>());
        core.queued(
                bundle("m"),
                n -> {
                    threads.add(Thread.currentThread());
                    return telling("q").notify(n);
                });

        for (int i = 1; i <= 50; i++) {
            core.notifier.notify(TaskEvent.EXEC, 0, task(i));
        }

        await().until(() -> told.size() == 50);
        assertThat(told).startsWith("q1", "q2", "q3").endsWith("q50");
        assertThat(threads).containsOnly(threads.getFirst()).doesNotContain(Thread.currentThread());
    }

    @Test
    public void shouldTellAFullLaneExactlyWhatItLostAndBlockNobody() throws Exception {
        Fixture core = new Fixture();
        CountDownLatch go = new CountDownLatch(1);
        CountDownLatch entered = new CountDownLatch(1);
        core.queued(bundle("slow"), new Slow(entered, go));
        core.queued(bundle("other"), telling("other"));

        core.notifier.notify(TaskEvent.EXEC, 0, task(0));
        entered.await();
        for (int i = 1; i <= 137; i++) {
            core.notifier.notify(TaskEvent.EXEC, 0, task(i));
            String last = "other" + i;
            await().pollDelay(Duration.ZERO)
                    .pollInterval(Duration.ofMillis(1))
                    .until(() -> told.contains(last));
        }
        assertThat(core.modules.modules().getFirst().lane().lost()).isEqualTo(37);
        assertThat(core.modules.modules().getFirst().lane().depth()).isEqualTo(100);
        go.countDown();

        await().until(() -> told.contains("lost 37"));
        core.notifier.notify(TaskEvent.EXEC, 0, task(999));
        await().until(() -> told.contains("slow999"));
        List<String> slow = told.stream().filter(s -> !s.startsWith("other")).toList();
        assertThat(slow).hasSize(103).endsWith("slow100", "lost 37", "slow999");
    }

    @Test
    public void shouldCountAsLostWhatWaitsOnALaneThatIsDropped() throws Exception {
        Fixture core = new Fixture();
        CountDownLatch go = new CountDownLatch(1);
        CountDownLatch entered = new CountDownLatch(1);
        core.queued(bundle("slow"), new Slow(entered, go));
        for (int i = 0; i < 5; i++) {
            core.notifier.notify(TaskEvent.EXEC, 0, task(i));
        }
        entered.await();

        Thread unregistering =
                Thread.ofPlatform()
                        .start(() -> {
                            try {
                                core.modules.unregister("slow");
                            } catch (UnloadException e) {
                                told.add(String.valueOf(e.getMessage()));
                            }
                        });
        await().until(() -> core.modules.modules().getFirst().lane().lost() == 4);
        go.countDown();
        unregistering.join();

        assertThat(told).containsExactly("slow0");
    }

    private final class Slow implements TaskWatcher {
        private final CountDownLatch entered;
        private final CountDownLatch go;

        Slow(CountDownLatch entered, CountDownLatch go) {
            this.entered = entered;
            this.go = go;
        }

        @Override
        public Verdict notify(TaskNotification n) throws Exception {
            entered.countDown();
            go.await();
            return telling("slow").notify(n);
        }

        @Override
        public void lost(Loss loss) {
            told.add("lost " + loss.count());
        }
    }
}
