// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.tasks.pump;

import org.taskwatch.api.Loss;
import org.taskwatch.api.TaskEvent;
import org.taskwatch.api.TaskNotification;
import org.taskwatch.api.TaskNotification.Origin;
import org.taskwatch.api.spi.TaskNotifier;
import org.taskwatch.api.spi.Uncaught;
import org.taskwatch.source.TaskSource;
import org.taskwatch.tasks.table.Clocks;
import org.taskwatch.tasks.table.DetailReader;
import org.taskwatch.tasks.table.LabelRules;
import org.taskwatch.tasks.table.LinuxTask;
import org.taskwatch.tasks.table.Recordings;
import org.taskwatch.tasks.table.Reporter;

/// What the pump reports: has what is wanted read for it and labels set, numbers it, dates it and hands
/// it to the core. For the pump thread only.
public final class EventReporter implements Reporter {
    private static final System.Logger LOG = System.getLogger(EventReporter.class.getName());

    private final TaskNotifier notifier;
    private final Tally tally = new Tally();
    private Meter meter = new Meter(); // that of the source
    private final DetailReader reader;
    private final LabelRules rules;
    private final Clocks clocks;
    private final Recordings recordings;
    private long sequence;
    private long failures;
    private String source = "";
    private boolean isLocal = true;

    /// Makes one.
    ///
    /// @param notifier is told
    /// @param reader reads what is wanted of a task
    /// @param rules label a task before it is told of
    /// @param clocks date what is told
    /// @param recordings are told what no record has
    public EventReporter(
            TaskNotifier notifier,
            DetailReader reader,
            LabelRules rules,
            Clocks clocks,
            Recordings recordings) {
        this.notifier = notifier;
        this.reader = reader;
        this.rules = rules;
        this.clocks = clocks;
        this.recordings = recordings;
    }

    /// From now on events come from another source.
    void source(TaskSource next, Meter itsMeter) {
        source = next.name();
        meter = itsMeter;
        isLocal = next.isLocal();
    }

    /// {@return what counts the events that are reported, whatever the source}
    Tally tally() {
        return tally;
    }

    @Override
    public void tell(TaskEvent event, long value, LinuxTask task, long nanos, Origin origin) {
        long epochNanos = clocks.epochNanos(nanos); // first, as a traced batch begins with it
        reader.read(event, task);
        rules.apply(event, origin, task, reader);
        tally.count(event, task);
        if (origin == Origin.REPAIRED) {
            recordings.repaired(event, task, nanos);
        } else {
            observed(nanos);
        }
        TaskNotification notification =
                TaskNotification.of(
                        event, value, task, task.details(), epochNanos, ++sequence, source, origin);
        try {
            notifier.notify(notification);
        } catch (RuntimeException | LinkageError | VirtualMachineError e) {
            failed(e);
            // Some watchers may have been told; nobody knows which. Its message may be a watcher's.
            lost(1, "the core has failed: " + e.getClass().getName(), nanos);
        }
    }

    private void observed(long nanos) {
        meter.count();
        if (isLocal) { // else it may be long ago
            meter.latency.record(System.nanoTime() - nanos);
        }
    }

    /// {@return what a snapshot tells of a task that is alive}
    TaskNotification existing(LinuxTask task) {
        return TaskNotification.of(
                TaskEvent.CLONE,
                -1,
                task,
                task.details(),
                clocks.epochNanos(System.nanoTime()),
                0,
                source,
                Origin.EXISTING);
    }

    @Override
    public void lost(long count, String cause, long sinceNanos) {
        Loss loss =
                new Loss(
                        count,
                        Loss.Place.SOURCE,
                        cause,
                        TaskNotification.instant(clocks.epochNanos(sinceNanos)));
        meter.lost(loss);
        recordings.lost(count, cause, sinceNanos);
        try {
            notifier.lost(loss);
        } catch (RuntimeException | LinkageError | VirtualMachineError e) {
            failed(e);
        }
    }

    /// {@return how many calls of the core have thrown}
    public long failures() {
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
