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
import org.taskwatch.api.TaskEvent;
import org.taskwatch.api.TaskWatcher;
import org.taskwatch.api.Verdict;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

/// What becomes of a watcher that passes a limit.
public class SuspendTest {
    private static final Duration SHORT = Duration.ofMillis(40);

    private final AtomicInteger calls = new AtomicInteger();

    private TaskWatcher throwing() {
        return _ -> {
            calls.incrementAndGet();
            throw new IllegalStateException("on purpose");
        };
    }

    private static void tell(Fixture core, int times) {
        for (int i = 0; i < times; i++) {
            core.notifier.notify(TaskEvent.EXEC, 0, task(i));
        }
    }

    @Test
    public void shouldSuspendAWatcherAfterFaultsInARowAndResumeIt() {
        Fixture core = new Fixture(Fixture.limits(Duration.ZERO, Verdict.ALLOW, 3));
        core.sync(bundle("m"), throwing());

        tell(core, 10);

        assertThat(calls).hasValue(3);
        assertThat(core.modules.watchers().getFirst().suspended())
                .contains("3 faults in a row")
                .contains("on purpose");
        assertThat(core.modules.modules().getFirst().references()).isEmpty();
        core.modules.resume("m");
        tell(core, 10);
        assertThat(calls).hasValue(6);
    }

    @Test
    public void shouldSuspendAQueuedWatcherAndGoOnWithTheOthersOfItsModule() {
        Fixture core = new Fixture(Fixture.limits(Duration.ZERO, Verdict.ALLOW, 3));
        AtomicInteger good = new AtomicInteger();
        var bundle = bundle("m");
        core.queued(bundle, throwing());
        core.queued(
                bundle,
                _ -> {
                    good.incrementAndGet();
                    return Verdict.ALLOW;
                });

        tell(core, 10);

        await().until(() -> good.get() == 10);
        assertThat(calls).hasValue(3);
    }

    @Test
    public void shouldNotCountFaultsThatAreNotInARow() {
        Fixture core = new Fixture(Fixture.limits(Duration.ZERO, Verdict.ALLOW, 3));
        core.sync(
                bundle("m"),
                n -> {
                    if (calls.incrementAndGet() % 3 == 0) {
                        return Verdict.ALLOW;
                    }
                    throw new IllegalStateException("on purpose");
                });

        tell(core, 30);

        assertThat(calls).hasValue(30);
        assertThat(core.modules.watchers().getFirst().suspended()).isEmpty();
    }

    @Test
    public void shouldGoOnWithTheConfiguredAnswerWhenASyncWatcherIsLate() {
        Verdict late = Verdict.refuse(Errno.EAGAIN);
        Fixture core = new Fixture(Fixture.limits(SHORT, late, 0));
        CountDownLatch go = new CountDownLatch(1);
        core.sync(bundle("hung"), hanging(go));
        core.sync(
                bundle("other"),
                _ -> {
                    calls.incrementAndGet();
                    return Verdict.refuse(Errno.EPERM);
                });

        assertThat(core.notifier.notify(TaskEvent.INIT, 0, task(1))).isSameAs(late);

        assertThat(calls).hasValue(1);
        assertThat(core.modules.modules().getFirst().inFlight()).isEqualTo(1);
        assertThat(core.modules.watchers().getFirst().suspended()).contains("INIT within 40 ms");
        assertThat(core.notifier.notify(TaskEvent.INIT, 0, task(2)))
                .isSameAs(Verdict.refuse(Errno.EPERM));
        assertThatThrownBy(() -> core.modules.resume("hung"))
                .isInstanceOf(IllegalStateException.class);

        go.countDown();
        await().until(() -> core.modules.modules().getFirst().inFlight() == 0);
        core.modules.resume("hung");
        assertThat(core.notifier.notify(TaskEvent.INIT, 0, task(3)))
                .isSameAs(Verdict.refuse(Errno.EPERM));
    }

    private static TaskWatcher hanging(CountDownLatch go) {
        return _ -> {
            while (go.getCount() > 0) {
                try {
                    go.await();
                } catch (InterruptedException e) {
                    continue; // as one that ignores interrupts
                }
            }
            return Verdict.ALLOW;
        };
    }

    @Test
    public void shouldLetAWatcherUnderADeadlineRefuseAndUnloadItself() {
        Fixture core = new Fixture(Fixture.limits(Fixture.DEADLINE, Verdict.ALLOW, 0));
        core.add(
                bundle("m"),
                Delivery.SYNC,
                0,
                _ -> {
                    core.modules.unregister("m");
                    return Verdict.refuse(Errno.EPERM);
                },
                TaskEvent.INIT);

        assertThat(core.notifier.notify(TaskEvent.INIT, 0, task(1)))
                .isSameAs(Verdict.refuse(Errno.EPERM));
        assertThat(core.notifier.notify(TaskEvent.INIT, 0, task(2))).isSameAs(Verdict.ALLOW);
    }
}
