// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.tasks.table;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.Test;
import org.taskwatch.api.Detail;
import org.taskwatch.api.Loss;
import org.taskwatch.api.Task;
import org.taskwatch.api.TaskEvent;
import org.taskwatch.api.TaskNotification;
import org.taskwatch.api.TaskNotification.Origin;
import org.taskwatch.api.Verdict;
import org.taskwatch.api.spi.TaskNotifier;
import org.taskwatch.tasks.procfs.ProcFs;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicInteger;

/// The dates of what is told, and what becomes of it when the core fails.
public class StreamTest {
    private final FakeCore core = new FakeCore();
    private final DetailReader nothing =
            new DetailReader(
                    new ProcFs(),
                    new FakeInterest(),
                    new UserNames(Path.of("/")),
                    new DetailBudget());

    @Test
    public void shouldDateEventsRightThoughTheThreadWasPreemptedBetweenTheClocks() {
        AtomicInteger reads = new AtomicInteger();
        InstantSource slowAtFirst =
                () -> {
                    Instant now = Instant.now();
                    if (reads.getAndIncrement() == 0) {
                        long end = System.nanoTime() + Duration.ofMillis(50).toNanos();
                        while (System.nanoTime() < end) {
                            Thread.onSpinWait();
                        }
                    }
                    return now;
                };
        EventReporter stream = new EventReporter(core, nothing, slowAtFirst);

        Instant before = Instant.now();
        Instant told = TaskNotification.instant(stream.epochNanos(System.nanoTime()));
        Instant after = Instant.now();

        assertThat(reads).hasValueGreaterThan(1);
        assertThat(told).isBetween(before.minusMillis(5), after.plusMillis(5));
    }

    private void tellExec(EventReporter stream) {
        LinuxTask task =
                new LinuxTask(
                        7,
                        7,
                        Start.exact(0, 0),
                        null,
                        new KernelParents(
                                new LiveTasks(new DetailBudget(), () -> {}), new ProcFs()),
                        Details.unknown(Detail.Reason.GONE));
        stream.tell(TaskEvent.EXEC, 0, task, System.nanoTime(), Origin.OBSERVED);
    }

    @Test
    public void shouldTellAsLostWhatTheCoreHasFailedAt() {
        Meter meter = new Meter();
        EventReporter stream = new EventReporter(core, nothing);
        stream.source("fake", meter);
        core.failing =
                () -> {
                    core.failing = () -> {};
                    throw new IllegalStateException("on purpose");
                };

        tellExec(stream);
        tellExec(stream);

        assertThat(core.lines()).containsExactly("lost 1", "EXEC 7 0");
        assertThat(meter.lost())
                .satisfies(loss -> assertThat(loss.count()).isEqualTo(1))
                .satisfies(loss -> assertThat(loss.cause()).contains("IllegalStateException"));
    }

    @Test
    public void shouldGoOnThoughTheCoreFailsAtTheLossToo() {
        EventReporter stream = new EventReporter(new BrokenCore(), nothing);

        tellExec(stream);

        assertThat(stream.failures()).isEqualTo(2);
    }

    /// Fails at whatever it is told.
    private static final class BrokenCore implements TaskNotifier {
        @Override
        public Verdict notify(TaskNotification notification) {
            throw new IllegalStateException("on purpose");
        }

        @Override
        public Verdict notify(TaskEvent event, long value, Task task) {
            throw new UnsupportedOperationException("the pump does not raise events");
        }

        @Override
        public void lost(Loss loss) {
            throw new IllegalStateException("on purpose");
        }
    }
}
