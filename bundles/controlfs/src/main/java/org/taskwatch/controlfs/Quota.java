// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.controlfs;

import com.google.errorprone.annotations.concurrent.GuardedBy;

import java.util.HashMap;
import java.util.Map;

/// How many of something each user has, and whether one more may be. There is a bound for each user,
/// and one for all together, as a user may have many ids. Root and one other user may have any
/// number: those who can end the instance in easier ways. Safe for all threads.
final class Quota {
    static final int ROOT = 0;

    private final int owner;
    private final int most;
    private final int mostOfAll;

    /// A user who has nothing is not there.
    @GuardedBy("this")
    private final Map<Integer, Integer> counts = new HashMap<>();

    /// What all of those have.
    @GuardedBy("this")
    private int all;

    /// @param owner who may have any number, as root
    /// @param most how many each user may have
    /// @param mostOfAll how many all may have together
    Quota(int owner, int most, int mostOfAll) {
        this.owner = owner;
        this.most = most;
        this.mostOfAll = mostOfAll;
    }

    /// {@return whether the user may have one more, which he then has}
    synchronized boolean enter(int uid) {
        if (isUnbounded(uid)) {
            return true;
        }
        if (all >= mostOfAll || counts.getOrDefault(uid, 0) >= most) {
            return false;
        }
        counts.merge(uid, 1, Integer::sum);
        all++;
        return true;
    }

    /// Takes note that the user has one less.
    synchronized void exit(int uid) {
        if (!isUnbounded(uid)) {
            counts.computeIfPresent(uid, (_, count) -> count == 1 ? null : count - 1);
            all--;
        }
    }

    private boolean isUnbounded(int uid) {
        return uid == ROOT || uid == owner;
    }
}
