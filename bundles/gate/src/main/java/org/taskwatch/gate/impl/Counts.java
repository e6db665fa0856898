// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.gate.impl;

import org.jspecify.annotations.Nullable;

import java.util.concurrent.atomic.AtomicLongArray;

/// The counts of one gate, or of all with those that are gone. Safe for all threads.
final class Counts {
    private final AtomicLongArray counts = new AtomicLongArray(Count.values().length);
    private final @Nullable Counts all;

    /// Makes them.
    ///
    /// @param all those of all gates, which count what these count; null if they are that themselves
    Counts(@Nullable Counts all) {
        this.all = all;
    }

    /// Counts one more.
    void add(Count count) {
        counts.getAndIncrement(count.ordinal());
        if (all != null) {
            all.add(count);
        }
    }

    long get(Count count) {
        return counts.get(count.ordinal());
    }
}
