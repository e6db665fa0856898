// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.usage;

import org.jspecify.annotations.Nullable;
import org.taskwatch.api.Usage;
import org.taskwatch.api.tool.UsageSum;

import java.time.Duration;
import java.util.OptionalLong;

/// What some processes have used. For one thread at a time.
final class Sum {
    private static final long NOT_KNOWN = -1;

    private long processes;
    private long unknown;
    private long userNanos;
    private long systemNanos;
    private long maxResidentBytes = NOT_KNOWN;
    private long minorFaults;
    private long majorFaults;

    /// Adds a process.
    ///
    /// @param used what it has used, null if that is not known
    void add(@Nullable Usage used) {
        processes++;
        if (used == null) {
            unknown++;
            return;
        }
        userNanos += used.user().toNanos();
        systemNanos += used.system().toNanos();
        maxResidentBytes = Math.max(maxResidentBytes, used.maxResidentBytes().orElse(NOT_KNOWN));
        minorFaults += used.minorFaults();
        majorFaults += used.majorFaults();
    }

    /// Adds others.
    void add(Sum others) {
        processes += others.processes;
        unknown += others.unknown;
        userNanos += others.userNanos;
        systemNanos += others.systemNanos;
        maxResidentBytes = Math.max(maxResidentBytes, others.maxResidentBytes);
        minorFaults += others.minorFaults;
        majorFaults += others.majorFaults;
    }

    /// {@return this sum as it is now}
    UsageSum named(String name) {
        return new UsageSum(
                name,
                processes,
                unknown,
                Duration.ofNanos(userNanos),
                Duration.ofNanos(systemNanos),
                maxResidentBytes == NOT_KNOWN
                        ? OptionalLong.empty()
                        : OptionalLong.of(maxResidentBytes),
                minorFaults,
                majorFaults);
    }
}
