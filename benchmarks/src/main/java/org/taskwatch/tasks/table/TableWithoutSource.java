// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.tasks.table;

import org.jspecify.annotations.Nullable;
import org.taskwatch.api.Capture;
import org.taskwatch.api.Loss;
import org.taskwatch.api.Task;
import org.taskwatch.api.TaskEvent;
import org.taskwatch.api.TaskNotification;
import org.taskwatch.api.Verdict;
import org.taskwatch.api.spi.Decision;
import org.taskwatch.api.spi.Interest;
import org.taskwatch.api.spi.TaskNotifier;
import org.taskwatch.source.Fact;
import org.taskwatch.source.TaskRecord;
import org.taskwatch.source.TaskSink;
import org.taskwatch.tasks.detail.DetailBudget;
import org.taskwatch.tasks.detail.UserNames;
import org.taskwatch.tasks.procfs.ProcFs;
import org.taskwatch.tasks.pump.EventReporter;

import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Collection;
import java.util.Set;
import java.util.function.Consumer;

/// A task table that a benchmark fills by records, and that tells nobody.
public final class TableWithoutSource {
    private static final int ITERATIONS = 50;

    private static volatile @Nullable TaskNotification last;

    private static final TaskNotifier NOBODY =
            new TaskNotifier() {
                @Override
                public Verdict notify(TaskNotification notification) {
                    last = notification; // so that it is really made
                    return Verdict.ALLOW;
                }

                @Override
                public Verdict notify(TaskEvent event, long value, Task task) {
                    return Verdict.ALLOW;
                }

                @Override
                public boolean ask(
                        TaskNotification notification,
                        @Nullable Verdict late,
                        Consumer<Decision> answer) {
                    answer.accept(new Decision(notify(notification), "", false));
                    return true;
                }

                @Override
                public void lost(Loss loss) {}
            };

    private static final Interest NOTHING =
            new Interest() {
                @Override
                public boolean isWatched(TaskEvent event) {
                    return false;
                }

                @Override
                public boolean isHurried(TaskEvent event) {
                    return true;
                }

                @Override
                public Set<Capture> captures(TaskEvent event) {
                    return Set.of();
                }

                @Override
                public boolean threads() {
                    return true;
                }

                @Override
                public boolean threadEventsOff() {
                    return false;
                }

                @Override
                public void threadEventsOn() {}

                @Override
                public void whenChanged(@Nullable Runnable listener) {}
            };

    private final DetailBudget budget = new DetailBudget();
    private final LiveTasks tasks = new LiveTasks(budget, () -> {});
    private final TaskSink sink;

    /// Makes one that is empty and takes threads too.
    public TableWithoutSource() {
        ProcFs proc = new ProcFs();
        DetailReader captures =
                new DetailReader(proc, NOTHING, new UserNames(Path.of("/etc/passwd")), budget);
        Clocks clocks = new Clocks(InstantSource.system());
        Recordings recordings = new Recordings(tasks, clocks, () -> {});
        EventReporter stream =
                new EventReporter(NOBODY, captures, new LabelRules(() -> {}), clocks, recordings);
        sink =
                Table.of(
                                tasks,
                                proc,
                                captures,
                                budget,
                                stream,
                                clocks,
                                recordings,
                                NOTHING,
                                new GateForks(tasks, proc, NOBODY, () -> {}, () -> {}))
                        .updater();
    }

    /// {@return what fills it}
    public TaskSink sink() {
        return sink;
    }

    /// Tells of the birth of a process, with the facts that the connector knows.
    ///
    /// @param record is used for it
    /// @param tid of the process
    /// @param parent its parent
    public void fork(TaskRecord record, int tid, int parent) {
        sink.accept(
                record.begin(TaskRecord.Kind.CLONED, System.nanoTime(), tid, tid)
                        .set(Fact.PARENT_TID, parent)
                        .set(Fact.PARENT_PID, parent));
    }

    /// {@return what was told last, null if nothing was}
    public static @Nullable TaskNotification last() {
        return last;
    }

    /// {@return the tasks that are in it}
    public Collection<Task> tasks() {
        return tasks.tasks();
    }

    /// {@return how long this thread has run on a processor, in nanoseconds}
    public static long cpuNanos() {
        return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
    }

    /// {@return how long it takes to go through all tasks, in nanoseconds of processor time}
    public long nanosToList() {
        long begin = cpuNanos();
        int alive = 0;
        for (int i = 0; i < ITERATIONS; i++) {
            for (Task task : tasks.tasks()) {
                alive += task.isFreed() ? 0 : 1;
            }
        }
        long nanos = (cpuNanos() - begin) / ITERATIONS;
        if (alive < 0) {
            throw new IllegalStateException("overflow");
        }
        return nanos;
    }
}
