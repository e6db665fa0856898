// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.api.tool;

import org.osgi.annotation.versioning.ProviderType;

import java.time.Duration;

/// What the processes have used that have ended, added up. An OSGi service, there as long as the bundle that counts is
/// deployed. Safe for all threads.
@ProviderType
public interface UsageSums {
    /// By what processes are put together.
    enum By {
        /// By each label that a process has at its end, as `key=value`: one with two of them is in two sums.
        LABEL,
        /// By its effective user.
        USER,
        /// By the id of its container.
        CONTAINER,
        /// By its name.
        PROGRAM
    }

    /// {@return the sums of all that have ended since the bundle has begun to count}
    ///
    /// @param by by what
    UsageReport all(By by);

    /// {@return the sums of those that have ended lately} It begins at a whole minute of the counting, or hour if that
    /// is more than an hour ago.
    ///
    /// @param by by what
    /// @param last at least for how long
    /// @throws IllegalArgumentException if that is longer than it is remembered, and longer than it was counted
    UsageReport last(By by, Duration last);
}
