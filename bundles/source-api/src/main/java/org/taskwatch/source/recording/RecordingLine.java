// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.source.recording;

import org.taskwatch.source.TaskRecord;

/// What a line of a recording says.
public sealed interface RecordingLine {
    /// Records are of this source from now on.
    ///
    /// @param name of the source
    /// @param epochNanos what to add to the time of a record to have nanoseconds since 1970
    /// @param bootNanos what to add to the time of a record to have CLOCK_BOOTTIME, in which starts are
    record Source(String name, long epochNanos, long bootNanos) implements RecordingLine {}

    /// Something has happened to a task.
    ///
    /// @param record what; used again for the next line
    record Happened(TaskRecord record) implements RecordingLine {}

    /// Events were lost.
    ///
    /// @param count how many, at least 1
    /// @param cause what happened, for a person to read
    /// @param sinceNanos the last time of CLOCK_MONOTONIC when surely nothing was lost
    record Lost(long count, String cause, long sinceNanos) implements RecordingLine {}
}
