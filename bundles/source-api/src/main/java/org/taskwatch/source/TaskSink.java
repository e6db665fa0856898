// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.source;

import org.osgi.annotation.versioning.ProviderType;

/// Takes what a source brings. Called by the pump thread only, inside [TaskSource#receive].
@ProviderType
public interface TaskSink {
    /// Takes a record. One of what the table holds already changes nothing.
    ///
    /// @param record is read before this returns, and kept no longer
    void accept(TaskRecord record);

    /// Events were lost between the kernel and the source.
    ///
    /// @param count how many
    /// @param cause what happened, for a person to read
    /// @param sinceNanos the last time of CLOCK_MONOTONIC when surely nothing was lost
    void lost(long count, String cause, long sinceNanos);
}
