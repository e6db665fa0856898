// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.tasks.table;

import org.taskwatch.api.TaskEvent;
import org.taskwatch.api.TaskNotification.Origin;

/// Reports what happens to the tasks of the table. For the pump thread only.
public interface Reporter {
    /// Something has happened to a task, and the table shows it already.
    ///
    /// @param event what
    /// @param value that comes with it, see [TaskEvent]
    /// @param task whose
    /// @param nanos when, by CLOCK_MONOTONIC
    /// @param origin how it is known
    void tell(TaskEvent event, long value, LinuxTask task, long nanos, Origin origin);

    /// Events were lost before they came to the table.
    ///
    /// @param count how many
    /// @param cause what happened, for a person to read
    /// @param sinceNanos the last time of CLOCK_MONOTONIC when surely nothing was lost
    void lost(long count, String cause, long sinceNanos);
}
