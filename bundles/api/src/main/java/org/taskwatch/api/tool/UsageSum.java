// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.api.tool;

import org.taskwatch.api.Usage;

import java.time.Duration;
import java.util.OptionalLong;

/// What some processes have used, see [Usage]. What they have read and written is no sum: the kernel adds the bytes of
/// a process to those of its parent.
///
/// @param name what they have in common; in parentheses, with more than 15 bytes, what is no such name
/// @param processes how many they are
/// @param unknown of how many of them it is not known what they have used; they are not in the other numbers
/// @param user how long they have run their own code
/// @param system how long the kernel has run for them
/// @param maxResidentBytes the largest that one of them was, in bytes; empty if that is not known of any
/// @param minorFaults their page faults that needed no I/O
/// @param majorFaults those that needed I/O
public record UsageSum(
        String name,
        long processes,
        long unknown,
        Duration user,
        Duration system,
        OptionalLong maxResidentBytes,
        long minorFaults,
        long majorFaults) {
    /// {@return how long they have run in all}
    public Duration total() {
        return user.plus(system);
    }
}
