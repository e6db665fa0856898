// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.relayfork;

import static org.assertj.core.api.Assertions.assertThat;

import org.jspecify.annotations.Nullable;
import org.junit.After;
import org.junit.Test;
import org.taskwatch.api.Credentials;
import org.taskwatch.api.Detail;
import org.taskwatch.api.Loss;
import org.taskwatch.api.Task;
import org.taskwatch.api.TaskDetails;
import org.taskwatch.api.TaskEvent;
import org.taskwatch.api.TaskNotification;
import org.taskwatch.api.TaskNotification.Origin;
import org.taskwatch.api.Verdict;
import org.taskwatch.linux.Signal;

import java.time.Instant;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;

/// What the signal says of a fork.
public class ForkWatcherTest {
    private static final int NUMBER = Signal.REAL_TIME_MIN;

    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
    private final Receivers receivers = new Receivers(timer, () -> {});
    private final FakeTarget target = new FakeTarget(1, 10);
    private final ForkWatcher watcher = new ForkWatcher(receivers);

    @After
    public void endTimer() {
        timer.shutdownNow();
    }

    /// A process.
    private record Process(
            int tid, @Nullable Task parent, @Nullable Detail<Credentials> credentials)
            implements Task, TaskDetails {
        @Override
        public int pid() {
            return tid;
        }

        @Override
        public Instant start() {
            return Instant.EPOCH;
        }

        @Override
        public TaskDetails details() {
            return this;
        }

        @Override
        public OptionalInt exitStatus() {
            return OptionalInt.empty();
        }

        @Override
        public boolean isFreed() {
            return false;
        }

        @Override
        public Detail<String> comm() {
            return Detail.unknown(Detail.Reason.NOT_READ);
        }

        @Override
        public Detail<Credentials> credentials() {
            return credentials == null ? Detail.unknown(Detail.Reason.GONE) : credentials;
        }
    }

    private List<Signal> told(Process child) {
        receivers.add(new Receiver(target, new SignalCounts(), 1, System.nanoTime()));
        TaskNotification fork =
                TaskNotification.of(
                        TaskEvent.CLONE, 0, child, child, 1, 1, "test", Origin.OBSERVED);
        assertThat(watcher.notify(fork)).isEqualTo(Verdict.ALLOW);
        return target.queue();
    }

    @Test
    public void shouldSayWhoForkedWhomForWhichUser() {
        Process parent = new Process(10, null, null);
        Process child = new Process(11, parent, Detail.of(new Credentials(0, 0, 1000, 100)));

        assertThat(told(child)).containsExactly(new Signal(NUMBER, Signal.ASYNCIO, 10, 1000, 11));
    }

    @Test
    public void shouldSayWhatIsNotKnown() {
        assertThat(told(new Process(11, null, null)))
                .containsExactly(new Signal(NUMBER, Signal.ASYNCIO, 0, -1, 11));
    }

    @Test
    public void shouldSayHowManyEventsWereLostBeforeTheyCameHere() {
        receivers.add(new Receiver(target, new SignalCounts(), 1, System.nanoTime()));

        watcher.lost(new Loss(7, Loss.Place.SOURCE, "a full buffer", Instant.EPOCH));

        assertThat(target.queue()).containsExactly(new Signal(NUMBER, Signal.QUEUE, 0, 0, 7));
    }
}
