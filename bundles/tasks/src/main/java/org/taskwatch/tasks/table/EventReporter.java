// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.tasks.table;

import org.taskwatch.api.Loss;
import org.taskwatch.api.TaskEvent;
import org.taskwatch.api.TaskNotification;
import org.taskwatch.api.TaskNotification.Origin;
import org.taskwatch.api.spi.TaskNotifier;
import org.taskwatch.api.spi.Uncaught;

import java.time.Instant;
import java.time.InstantSource;

/// What the pump reports: has what is wanted read for it, numbers it, dates it and hands it to the
/// core. For the pump thread only.
final class EventReporter {
    private static final System.Logger LOG = System.getLogger(EventReporter.class.getName());

    // Reading both clocks takes 100 ns. If the thread is preempted in between it takes longer, and
    // the result is less exact.
    private static final long QUICK_NANOS = 2_000;
    private static final int CLOCK_TRIES = 5;

    private final TaskNotifier notifier;
    private final Tally tally = new Tally();
    private Meter meter = new Meter(); // that of the source
    private final DetailReader reader;
    private final InstantSource clock;
    private long sequence;
    private long failures;
    private String source = "";
    private boolean isClockKnown; // since the last receive was begun
    private long epochOffset; // realtime minus CLOCK_MONOTONIC, in nanoseconds

    EventReporter(TaskNotifier notifier, DetailReader reader) {
        this(notifier, reader, InstantSource.system());
    }

    EventReporter(TaskNotifier notifier, DetailReader reader, InstantSource clock) {
        this.notifier = notifier;
        this.reader = reader;
        this.clock = clock;
    }

    /// From now on events come from another source.
    void source(String name, Meter itsMeter) {
        source = name;
        meter = itsMeter;
    }

    /// {@return what counts the events that are reported, whatever the source}
    Tally tally() {
        return tally;
    }

    /// A source is about to be read. The clock of the day may be set at any time, also while that
    /// waits: it is looked at again for the first that is reported then.
    void beginReceive() {
        isClockKnown = false;
    }

    /// {@return a time of CLOCK_MONOTONIC in nanoseconds since 1970}
    long epochNanos(long nanos) {
        if (!isClockKnown) {
            measureClock();
            isClockKnown = true;
        }
        return nanos + epochOffset;
    }

    // The quickest of some tries counts.
    private void measureClock() {
        long quickest = Long.MAX_VALUE;
        for (int i = 0; i < CLOCK_TRIES && quickest > QUICK_NANOS; i++) {
            long before = System.nanoTime();
            Instant now = clock.instant();
            long elapsed = System.nanoTime() - before;
            if (elapsed < quickest) {
                quickest = elapsed;
                long epochNanos = TaskNotification.epochNanos(now);
                epochOffset = epochNanos - before - elapsed / 2;
            }
        }
    }

    void tell(TaskEvent event, long value, LinuxTask task, long nanos, Origin origin) {
        reader.read(event, task);
        tally.count(event, task);
        if (origin == Origin.OBSERVED) {
            meter.latency.record(System.nanoTime() - nanos);
        }
        TaskNotification notification =
                TaskNotification.of(
                        event,
                        value,
                        task,
                        task.details(),
                        epochNanos(nanos),
                        ++sequence,
                        source,
                        origin);
        try {
            notifier.notify(notification);
        } catch (RuntimeException | LinkageError | VirtualMachineError e) {
            failed(e);
            // Some watchers may have been told; nobody knows which. Its message may be a watcher's.
            lost(1, "the core has failed: " + e.getClass().getName(), nanos);
        }
    }

    /// {@return what a snapshot tells of a task that is alive}
    TaskNotification existing(LinuxTask task) {
        return TaskNotification.of(
                TaskEvent.CLONE,
                -1,
                task,
                task.details(),
                epochNanos(System.nanoTime()),
                0,
                source,
                Origin.EXISTING);
    }

    void lost(long count, String cause, long sinceNanos) {
        Loss loss =
                new Loss(
                        count,
                        Loss.Place.SOURCE,
                        cause,
                        TaskNotification.instant(epochNanos(sinceNanos)));
        meter.lost(loss);
        try {
            notifier.lost(loss);
        } catch (RuntimeException | LinkageError | VirtualMachineError e) {
            failed(e);
        }
    }

    /// {@return how many calls of the core have thrown}
    long failures() {
        return failures;
    }

    // The core answers for its watchers, so this is a fault of the core: say it once, and go on. It
    // tells no loss itself: the core might fail at that too.
    private void failed(Throwable e) {
        if (e instanceof VirtualMachineError) {
            Uncaught.handle(e);
        }
        if (failures++ == 0) {
            LOG.log(
                    System.Logger.Level.ERROR,
                    "The core has thrown while it was told an event; further ones are counted only",
                    e);
        }
    }
}
