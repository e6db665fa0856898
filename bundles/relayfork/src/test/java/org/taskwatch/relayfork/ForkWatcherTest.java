// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.relayfork;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.After;
import org.junit.Test;
import org.taskwatch.api.Credentials;
import org.taskwatch.api.Detail;
import org.taskwatch.api.Loss;
import org.taskwatch.api.TaskEvent;
import org.taskwatch.api.Verdict;
import org.taskwatch.linux.Signal;
import org.taskwatch.testing.FakeDetails;
import org.taskwatch.testing.FakeTask;

import java.time.Instant;
import java.util.List;
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

    private List<Signal> told(FakeTask child) {
        receivers.add(new Receiver(target, new SignalCounts(), 1, System.nanoTime()));
        assertThat(watcher.notify(child.now(TaskEvent.CLONE, 0))).isEqualTo(Verdict.ALLOW);
        return target.queue();
    }

    @Test
    public void shouldSayWhoForkedWhomForWhichUser() {
        FakeTask parent = FakeTask.process(10, null);
        FakeTask child =
                FakeTask.process(11, parent, FakeDetails.of(new Credentials(0, 0, 1000, 100)));

        assertThat(told(child)).containsExactly(new Signal(NUMBER, Signal.ASYNCIO, 10, 1000, 11));
    }

    @Test
    public void shouldSayWhatIsNotKnown() {
        assertThat(told(FakeTask.process(11, null, FakeDetails.unknown(Detail.Reason.GONE))))
                .containsExactly(new Signal(NUMBER, Signal.ASYNCIO, 0, -1, 11));
    }

    @Test
    public void shouldSayHowManyEventsWereLostBeforeTheyCameHere() {
        receivers.add(new Receiver(target, new SignalCounts(), 1, System.nanoTime()));

        watcher.lost(new Loss(7, Loss.Place.SOURCE, "a full buffer", Instant.EPOCH));

        assertThat(target.queue()).containsExactly(new Signal(NUMBER, Signal.QUEUE, 0, 0, 7));
    }
}
