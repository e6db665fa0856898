// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.taskwatch.core.Fixture.bundle;

import jdk.jfr.consumer.RecordedEvent;

import org.junit.Test;
import org.taskwatch.api.Loss;
import org.taskwatch.api.TaskEvent;
import org.taskwatch.api.TaskNotification;
import org.taskwatch.api.TaskWatcher;
import org.taskwatch.api.Verdict;
import org.taskwatch.testing.Recorded;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/// What the core tells the flight recorder.
public class TracingTest {
    private static final int CAPACITY = 100; // of the lane

    /// A watcher that is let go once for each call, and keeps what it is told as lost.
    private static final class Slow implements TaskWatcher {
        final Semaphore entered = new Semaphore(0);
        final Semaphore go = new Semaphore(0);
        final CompletableFuture<Loss> loss = new CompletableFuture<>();

        @Override
        public Verdict notify(TaskNotification n) {
            entered.release();
            go.acquireUninterruptibly();
            return Verdict.ALLOW;
        }

        @Override
        public void lost(Loss lost) {
            loss.complete(lost);
        }
    }

    private final Fixture core = new Fixture();
    private final Slow slow = new Slow();
    private final WatcherService service = core.queued(bundle("m"), slow);

    @Test
    public void shouldTellWhatALaneHasLostAsItsWatchersAreTold() throws Exception {
        List<RecordedEvent> events =
                Recorded.during(
                        "Loss",
                        () -> {
                            overfill();
                            slow.go.release(CAPACITY + 1);
                            slow.loss.join();
                        });

        Loss told = slow.loss.join();
        assertThat(told.count()).isEqualTo(3);
        assertThat(events).hasSize(1);
        RecordedEvent event = events.getFirst();
        assertThat(event.getString("place")).isEqualTo("LANE");
        assertThat(event.getString("module")).isEqualTo("m");
        assertThat(event.getLong("count")).isEqualTo(3);
        assertThat(event.getString("cause")).isEqualTo(told.cause());
        assertThat(event.getInstant("since"))
                .isBetween(told.since().minusMillis(1), told.since().plusMillis(1));
    }

    /// Fills the lane, and loses three more, while the watcher is in its first call.
    private void overfill() throws InterruptedException {
        core.raise(TaskEvent.EXEC);
        slow.entered.acquire();
        for (int i = 0; i < CAPACITY + 3; i++) {
            core.raise(TaskEvent.EXEC);
        }
    }

    /// Takes the module out while its watcher is in a call, which then ends.
    private void drain(Consumer<Module> way) throws InterruptedException {
        Module module = core.registry.modules().getFirst();
        CountDownLatch isDrained = new CountDownLatch(1);
        Thread draining =
                Thread.ofPlatform()
                        .daemon()
                        .start(() -> {
                            way.accept(module);
                            isDrained.countDown();
                        });
        await().until(() -> draining.getState() == Thread.State.TIMED_WAITING);
        slow.go.release();
        assertThat(isDrained.await(20, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    public void shouldTellWhatIsDroppedWithALane() throws Exception {
        List<RecordedEvent> events =
                Recorded.during(
                        "Loss",
                        () -> {
                            overfill();
                            drain(core::unregister);
                        });

        assertThat(events)
                .extracting(event -> event.getLong("count"))
                .containsExactly(3L, (long) CAPACITY);
        assertThat(events.getLast().getString("cause"))
                .isEqualTo("the lane of module m was dropped");
    }

    @Test
    public void shouldTellALossOfTheSourceOnceHoweverManyWatchersThereAre() throws Exception {
        core.queued(bundle("n"), new Slow());
        Loss loss = new Loss(5, Loss.Place.SOURCE, "a test", Instant.EPOCH);

        List<RecordedEvent> events = Recorded.during("Loss", () -> core.notifier.lost(loss));

        assertThat(events).hasSize(1);
        assertThat(events.getFirst().getString("place")).isEqualTo("SOURCE");
        assertThat(events.getFirst().getString("module")).isEmpty();
        assertThat(events.getFirst().getLong("count")).isEqualTo(5);
    }

    @Test
    public void shouldTellWhatADrainHasWaitedFor() throws Exception {
        List<RecordedEvent> events =
                Recorded.during(
                        "Drain",
                        () -> {
                            core.raise(TaskEvent.EXEC);
                            slow.entered.acquire();
                            drain(_ -> core.remove(service));
                        });

        assertThat(events).hasSize(1);
        RecordedEvent event = events.getFirst();
        assertThat(event.getString("module")).isEqualTo("m");
        assertThat(event.getString("watcher")).isEqualTo(Slow.class.getName());
        assertThat(event.getThread("caller").getJavaName()).isEqualTo("taskwatch-lane-m");
        assertThat(event.getBoolean("inTime")).isTrue();
        assertThat(event.getInt("interrupted")).isZero();
    }

    /// {@return the watchers that one look finds, and for how long they have lasted}
    private static Map<String, Duration> look(SlowCalls calls, long millis) {
        Map<String, Duration> found = new HashMap<>();
        calls.look(
                Duration.ofMillis(millis).toNanos(),
                (call, _, nanos) -> found.put(call.watcher(), Duration.ofNanos(nanos)));
        return found;
    }

    @Test
    public void shouldFindACallThatIsInFlightAtTwoLooksAndNoOther() throws Exception {
        SlowCalls calls = new SlowCalls(core.callers, core.registry);
        String name = Slow.class.getName();
        core.raise(TaskEvent.EXEC);
        core.raise(TaskEvent.EXEC);
        slow.entered.acquire();

        assertThat(look(calls, 0)).isEmpty();
        assertThat(look(calls, 20)).containsExactly(Map.entry(name, Duration.ofMillis(20)));
        assertThat(look(calls, 50)).containsExactly(Map.entry(name, Duration.ofMillis(50)));

        slow.go.release();
        slow.entered.acquire(); // the second call of the same watcher on the same thread
        assertThat(look(calls, 60)).isEmpty();
        assertThat(look(calls, 90)).containsExactly(Map.entry(name, Duration.ofMillis(30)));

        slow.go.release();
        await().until(() ->
                core.callers.calls(core.registry.modules().getFirst().watchers()).isEmpty());
        assertThat(look(calls, 100)).isEmpty();
    }
}
