// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.core;

import org.jspecify.annotations.Nullable;
import org.taskwatch.api.Loss;

import java.time.Instant;

/// What a lane has lost, and what of that its watchers have not been told. Guarded by the lock of
/// the lane.
final class LaneLosses {
    /// How many were lost since the last entry, and when the first of them was.
    private long untold;

    private @Nullable Instant untoldSince;

    /// How many were lost in all, and since when.
    private long count;

    private @Nullable Instant since;

    /// Counts a notification that found no room.
    void add(Instant time) {
        addUntold(1, null);
        count++;
        since = since == null ? time : since;
    }

    /// Takes note of what was lost elsewhere, and found no room to be told.
    void add(Loss loss) {
        addUntold(loss.count(), loss.since());
    }

    private void addUntold(long more, @Nullable Instant first) {
        untold += more;
        if (untoldSince == null) {
            untoldSince = first == null ? Instant.now() : first;
        }
    }

    /// Counts the entries that are dropped with their lane.
    ///
    /// @param time when the first of them happened, null if it does not say
    void drop(int entries, @Nullable Instant time) {
        if (since == null && entries > 0) {
            since = time == null ? Instant.now() : time;
        }
        count += entries;
    }

    /// {@return whether any are still to be told}
    boolean areUntold() {
        return untold > 0;
    }

    /// {@return those that are still to be told, as one} To be [told][#told] once it can't fail any
    /// more.
    Loss untold(String why) {
        return new Loss(
                untold, Loss.Place.LANE, why, untoldSince == null ? Instant.now() : untoldSince);
    }

    /// All have been told.
    void told() {
        untold = 0;
        untoldSince = null;
    }

    /// {@return how many were lost in all}
    long count() {
        return count;
    }

    /// {@return since when, null if none was}
    @Nullable Instant since() {
        return since;
    }
}
