// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.tasks;

import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.Map;

/// A source as it was at one moment.
///
/// @param name its name
/// @param state whether it is used
/// @param reason why it can't be used, empty if it can
/// @param limits what it can't see, empty if it sees everything
/// @param events how many events it has reported since it was last opened
/// @param latency how long these took; all zero if there are none
/// @param lost how many events were lost between the kernel and it since it was last opened
/// @param lostSince when the first of them was lost, null if none was
/// @param counters the counters that the kernel keeps for it
/// @param hooks where in the kernel each fact comes from, in the order in which to show them; empty if it does not say
public record SourceInfo(
        String name,
        State state,
        String reason,
        String limits,
        long events,
        Latency latency,
        long lost,
        @Nullable Instant lostSince,
        Map<String, Long> counters,
        Map<String, String> hooks) {

    /// Whether a source is used.
    public enum State {
        /// Its events are those that watchers see.
        ACTIVE,
        /// A better one is active.
        STANDBY,
        /// It can't work here.
        UNAVAILABLE
    }
}
