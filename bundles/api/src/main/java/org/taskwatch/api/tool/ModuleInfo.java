// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.api.tool;

import org.jspecify.annotations.Nullable;
import org.taskwatch.api.TaskEvent;

import java.time.Instant;
import java.util.List;
import java.util.Map;

/// A module as it was at one moment.
///
/// @param name the symbolic name of its bundle
/// @param version the version of its bundle
/// @param bundleId the id of its bundle
/// @param state its state
/// @param references for each event that it is listed for, how many of its watchers watch it: each
///     event listed is one reference
/// @param inFlight how many calls of its watchers have begun and not ended: each is one reference
/// @param calls how many calls have begun since it was registered
/// @param faults how many calls ended by a throwable or without a verdict
/// @param lane its lane, on which nothing ever waits if none of its watchers is queued
/// @param watchers its watchers, in the order in which they are called
public record ModuleInfo(
        String name,
        String version,
        long bundleId,
        ModuleState state,
        Map<TaskEvent, Integer> references,
        int inFlight,
        long calls,
        long faults,
        LaneInfo lane,
        List<WatcherInfo> watchers) {

    /// The lane of a module.
    ///
    /// @param depth how many notifications wait on it
    /// @param capacity how many can
    /// @param highWater the most that ever have
    /// @param lost how many were lost because it was full, or dropped while they waited on it
    /// @param lostSince when the first of them was lost, null if none was
    public record LaneInfo(
            int depth, int capacity, int highWater, long lost, @Nullable Instant lostSince) {}

    /// {@return the reference count: one for each event listed and one for each call in flight}
    public int referenceCount() {
        return references.size() + inFlight;
    }
}
