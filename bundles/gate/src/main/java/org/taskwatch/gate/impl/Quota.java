// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.gate.impl;

import com.google.errorprone.annotations.concurrent.GuardedBy;

import java.util.HashMap;
import java.util.Map;

/// How many of something each user has, and all but root together, as one user may have many ids. Safe for all
/// threads.
final class Quota {
    private static final int ROOT = 0;

    private final int mostOfUser;
    private final int mostOfAll;

    /// How many a user has; not there if none.
    @GuardedBy("this")
    private final Map<Integer, Integer> counts = new HashMap<>();

    /// How many all users but root have.
    @GuardedBy("this")
    private int all;

    Quota(int mostOfUser, int mostOfAll) {
        this.mostOfUser = mostOfUser;
        this.mostOfAll = mostOfAll;
    }

    /// {@return whether a user may have one more, which it has from now on}
    synchronized boolean enter(int uid) {
        int own = counts.getOrDefault(uid, 0);
        boolean isWithin = own < mostOfUser && (uid == ROOT || all < mostOfAll);
        if (isWithin) {
            add(uid);
        }
        return isWithin;
    }

    /// A user has one more, however many there are.
    synchronized void add(int uid) {
        counts.merge(uid, 1, Integer::sum);
        all += uid == ROOT ? 0 : 1;
    }

    /// A user has one less.
    synchronized void leave(int uid) {
        counts.computeIfPresent(uid, (_, own) -> own == 1 ? null : own - 1);
        all -= uid == ROOT ? 0 : 1;
    }
}
