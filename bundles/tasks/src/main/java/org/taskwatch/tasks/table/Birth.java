// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.tasks.table;

import org.taskwatch.api.TaskIdentity;
import org.taskwatch.source.TaskRecord;

/// What a task has from its birth on. Immutable.
///
/// @param tid its number, 0 while it is unborn
/// @param pid that of its process, likewise
/// @param start how its start is known
/// @param startNanos when it has started, by CLOCK_BOOTTIME
/// @param startEpochNanos the same since 1970; of one that is unborn, when it was asked for
record Birth(int tid, int pid, Start start, long startNanos, long startEpochNanos) {
    /// {@return what a task has that is not born}
    ///
    /// @param askedEpochNanos when it was asked for, since 1970
    static Birth none(long askedEpochNanos) {
        return new Birth(0, 0, Start.REPORTED, 0, askedEpochNanos);
    }

    boolean isThread() {
        return tid != pid;
    }

    TaskIdentity identity() {
        return start.identity(tid, startNanos);
    }

    /// {@return whether a task with this tid that has started then is the same}
    boolean isAt(Start other, long nanos) {
        return start.isSame(startNanos, other, nanos);
    }

    /// Adds to a record when it was, as well as that is known.
    void addTo(TaskRecord record) {
        start.addTo(record, startNanos);
    }
}
