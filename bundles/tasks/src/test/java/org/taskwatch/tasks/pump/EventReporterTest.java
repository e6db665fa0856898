// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.tasks.pump;

import static org.assertj.core.api.Assertions.assertThat;

import org.jspecify.annotations.Nullable;
import org.junit.Test;
import org.taskwatch.api.Loss;
import org.taskwatch.api.Task;
import org.taskwatch.api.TaskEvent;
import org.taskwatch.api.TaskNotification;
import org.taskwatch.api.Verdict;
import org.taskwatch.api.spi.Decision;
import org.taskwatch.api.spi.TaskNotifier;
import org.taskwatch.tasks.detail.DetailBudget;
import org.taskwatch.tasks.detail.UserNames;
import org.taskwatch.tasks.fake.FakeCore;
import org.taskwatch.tasks.fake.FakeInterest;
import org.taskwatch.tasks.fake.FakeSource;
import org.taskwatch.tasks.fake.Records;
import org.taskwatch.tasks.procfs.ProcFs;
import org.taskwatch.tasks.table.Clocks;
import org.taskwatch.tasks.table.DetailReader;
import org.taskwatch.tasks.table.GateForks;
import org.taskwatch.tasks.table.LabelRules;
import org.taskwatch.tasks.table.LiveTasks;
import org.taskwatch.tasks.table.Recordings;
import org.taskwatch.tasks.table.Table;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/// The dates of what is told, and what becomes of it when the core fails.
public class EventReporterTest {
    private final FakeCore core = new FakeCore();
    private final DetailBudget budget = new DetailBudget();
    private final LiveTasks tasks = new LiveTasks(budget, () -> {});
    private final Clocks clocks = new Clocks(InstantSource.system());
    private final DetailReader nothing =
            new DetailReader(new ProcFs(), new FakeInterest(), new UserNames(Path.of("/")), budget);

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
        Clocks dating = new Clocks(slowAtFirst);

        Instant before = Instant.now();
        Instant told = TaskNotification.instant(dating.epochNanos(System.nanoTime()));
        Instant after = Instant.now();

        assertThat(reads).hasValueGreaterThan(1);
        assertThat(told).isBetween(before.minusMillis(5), after.plusMillis(5));
    }

    private EventReporter reporter(TaskNotifier notifier) {
        Recordings recordings = new Recordings(tasks, clocks, () -> {});
        return new EventReporter(notifier, nothing, new LabelRules(() -> {}), clocks, recordings);
    }

    private Records table(EventReporter reporter) {
        Recordings recordings = new Recordings(tasks, clocks, () -> {});
        FakeInterest interest = new FakeInterest();
        ProcFs proc = new ProcFs();
        return new Records(
                Table.of(
                                tasks,
                                proc,
                                nothing,
                                budget,
                                reporter,
                                clocks,
                                recordings,
                                interest,
                                new GateForks(tasks, proc, new FakeCore(), () -> {}, () -> {}))
                        .updater());
    }

    private static void execTwice(Records table) {
        table.executed(System.nanoTime(), 7, 7, _ -> false);
        table.executed(System.nanoTime(), 7, 7, _ -> false);
    }

    @Test
    public void shouldTellAsLostWhatTheCoreHasFailedAt() {
        Meter meter = new Meter();
        EventReporter stream = reporter(core);
        stream.source(new FakeSource("fake"), meter);
        core.failing =
                () -> {
                    core.failing = () -> {};
                    throw new IllegalStateException("on purpose");
                };

        execTwice(table(stream));

        assertThat(core.lines()).containsExactly("lost 1", "EXEC 7 0");
        assertThat(meter.lost())
                .satisfies(loss -> assertThat(loss.count()).isEqualTo(1))
                .satisfies(loss -> assertThat(loss.cause()).contains("IllegalStateException"));
    }

    @Test
    public void shouldGoOnThoughTheCoreFailsAtTheLossToo() {
        EventReporter stream = reporter(new BrokenCore());

        execTwice(table(stream));

        assertThat(stream.failures()).isEqualTo(4);
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
        public boolean ask(
                TaskNotification notification, @Nullable Verdict late, Consumer<Decision> answer) {
            answer.accept(new Decision(notify(notification), "", false));
            return true;
        }

        @Override
        public void lost(Loss loss) {
            throw new IllegalStateException("on purpose");
        }
    }
}
