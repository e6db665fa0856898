// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.tasks.table;

import org.taskwatch.api.TaskEvent;
import org.taskwatch.api.TaskNotification;
import org.taskwatch.api.TaskNotification.Origin;
import org.taskwatch.api.spi.TaskNotifier;
import org.taskwatch.api.spi.Uncaught;
import org.taskwatch.tasks.table.LinuxTask.State;

import java.time.Instant;
import java.util.concurrent.atomic.AtomicLong;

/// The events of tasks that are unborn: they do not come from a source, and any thread tells them.
final class GateEvents {
    private static final System.Logger LOG = System.getLogger(GateEvents.class.getName());
    private static final String SOURCE = "gate";

    private final TaskNotifier notifier;
    private final AtomicLong sequence = new AtomicLong();
    private final AtomicLong failures = new AtomicLong();

    GateEvents(TaskNotifier notifier) {
        this.notifier = notifier;
    }

    /// {@return a time by [System#nanoTime] in nanoseconds since 1970}
    static long epochNanos(long nanos) {
        return TaskNotification.epochNanos(Instant.now()) - (System.nanoTime() - nanos);
    }

    /// {@return the INIT of a task, for the gate to ask with}
    TaskNotification init(LinuxTask unborn, long flags) {
        return of(TaskEvent.INIT, flags, unborn, unborn.birth().startEpochNanos(), "");
    }

    /// Nothing has come of a task: it is free.
    void freed(LinuxTask unborn, int errno, String cause) {
        unborn.state(State.FREED);
        TaskNotification free =
                of(TaskEvent.FREE, errno, unborn, epochNanos(System.nanoTime()), cause);
        try {
            notifier.notify(free);
        } catch (RuntimeException | LinkageError | VirtualMachineError e) {
            failed(e);
        }
    }

    private TaskNotification of(
            TaskEvent event, long value, LinuxTask unborn, long epochNanos, String cause) {
        return TaskNotification.of(
                event,
                value,
                unborn,
                unborn.details(),
                epochNanos,
                sequence.incrementAndGet(),
                SOURCE,
                Origin.OBSERVED,
                cause);
    }

    // A fault of the core, as in EventReporter; the pump and the gates go on.
    private void failed(Throwable e) {
        if (e instanceof VirtualMachineError) {
            Uncaught.handle(e);
        }
        if (failures.getAndIncrement() == 0) {
            LOG.log(
                    System.Logger.Level.ERROR,
                    "The core has thrown while it was told a FREE; further ones are not logged",
                    e);
        }
    }
}
