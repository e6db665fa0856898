// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.gate;

import org.jspecify.annotations.Nullable;
import org.taskwatch.api.Gate;
import org.taskwatch.api.Verdict;

import java.time.Duration;

/// One gate as it was at one moment. In the end `asked` is the sum of `allowed`, `refused` and `interrupted`.
///
/// @param gate the gate
/// @param whenLate what a fork is answered whose watcher is late; null for what the instance says
/// @param isUngated whether nobody is asked any more
/// @param asked how often watchers were asked
/// @param allowed how many forks were let go on the word of watchers
/// @param refused how many were refused
/// @param late how many of these were answered in the place of a watcher that was late
/// @param interrupted how many were answered in vain, as who forks was killed
/// @param repeated how often a fork that was allowed was begun again by the kernel, for a signal; watchers were not
///     asked again
/// @param unasked how many were let go without asking
/// @param faults how often something failed that must not; see the log
/// @param waiting how many wait for their answer
/// @param slowest the longest that one has waited for its answer, zero if none has
public record GateInfo(
        Gate gate,
        @Nullable Verdict whenLate,
        boolean isUngated,
        long asked,
        long allowed,
        long refused,
        long late,
        long interrupted,
        long repeated,
        long unasked,
        long faults,
        int waiting,
        Duration slowest) {}
