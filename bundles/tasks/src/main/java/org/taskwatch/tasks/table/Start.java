// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.tasks.table;

import org.taskwatch.api.TaskIdentity;
import org.taskwatch.source.Fact;
import org.taskwatch.source.TaskRecord;

/// How it is known when a task has started, and so how well. Times are nanoseconds of CLOCK_BOOTTIME.
enum Start {
    /// The kernel's own note: exact.
    NOTED(0, 0),

    /// From `/proc`, which shows a tick.
    SHOWN(0, (int) TaskIdentity.TICK_NANOS - 1),

    /// Its fork was reported then. The kernel reports a fork a little after the start that it has noted,
    /// later if it is preempted in between. Two starts of one tid nearer than this are one: a tid can't
    /// come again sooner than it takes to fork once round all pids: 32768, the smallest usual pid_max,
    /// at 80,000 forks/s is 400 ms. How long the machine has slept is known to a tick, so it may
    /// also be that much later.
    REPORTED(100_000_000, (int) TaskIdentity.TICK_NANOS);

    private final int early;
    private final int late;

    Start(int early, int late) {
        this.early = early;
        this.late = late;
    }

    /// {@return how the record of a birth knows it}
    static Start of(TaskRecord birth) {
        if (birth.has(Fact.START_NANOS)) {
            return NOTED;
        }
        return birth.has(Fact.START_TICKS) ? SHOWN : REPORTED;
    }

    /// {@return when it was, as the record of a birth has it}
    ///
    /// @param birth the record
    /// @param reportedNanos its own time
    static long nanos(TaskRecord birth, long reportedNanos) {
        return switch (of(birth)) {
            case NOTED -> birth.get(Fact.START_NANOS);
            case SHOWN -> birth.get(Fact.START_TICKS) * TaskIdentity.TICK_NANOS;
            case REPORTED -> reportedNanos;
        };
    }

    /// {@return whether two may be the same}
    ///
    /// @param nanos the time of this
    /// @param other how the other is known
    /// @param otherNanos its time
    boolean isSame(long nanos, Start other, long otherNanos) {
        return nanos - early <= otherNanos + other.late && otherNanos - other.early <= nanos + late;
    }

    /// Adds it to a record. One that was only reported becomes that of the tick in which that was.
    void addTo(TaskRecord record, long nanos) {
        if (this == NOTED) {
            record.set(Fact.START_NANOS, nanos);
        } else {
            record.set(Fact.START_TICKS, Math.floorDiv(nanos, TaskIdentity.TICK_NANOS));
        }
    }

    /// {@return whom that makes of a tid}
    TaskIdentity identity(int tid, long nanos) {
        return new TaskIdentity(tid, nanos - early, nanos + late);
    }
}
