// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.kmonitor;

import java.util.Collection;
import java.util.HashMap;
import java.util.Map;

/// How many monitors and registrations each user has, and all but root together, and whether one more
/// may be. Root may have any number. Guarded by the lock of [Registrations].
final class Quotas {
    /// The most processes of a user that may be monitors at a time: each costs a file descriptor.
    static final int MONITORS = 1024;

    /// The most that the monitors of a user may have registered, with what is inherited.
    static final int REGISTRATIONS = 65_536;

    /// The same for all users but root together: a user may have many ids.
    static final int ALL_MONITORS = 2 * MONITORS;

    static final int ALL_REGISTRATIONS = 2 * REGISTRATIONS;

    /// The most of a user's monitors that may register one target: an event of it reads the status of
    /// each.
    static final int MONITORS_OF_TARGET = 32;

    static final int ROOT = 0;

    /// What a user has; not there if it has nothing.
    private final Map<Integer, Count> counts = new HashMap<>();

    /// What all users but root have.
    private Count all = Count.NONE;

    private record Count(int monitors, int registrations) {
        static final Count NONE = new Count(0, 0);

        Count plus(int moreMonitors, int moreRegistrations) {
            return new Count(monitors + moreMonitors, registrations + moreRegistrations);
        }
    }

    boolean mayBeMonitor(int uid) {
        return uid == ROOT || of(uid).monitors < MONITORS && all.monitors < ALL_MONITORS;
    }

    boolean mayRegister(int uid) {
        return uid == ROOT
                || of(uid).registrations < REGISTRATIONS && all.registrations < ALL_REGISTRATIONS;
    }

    /// {@return whether one more monitor of a user may register a target}
    ///
    /// @param uid the user
    /// @param others the monitors that have registered it
    static boolean mayRegister(int uid, Collection<Monitor> others) {
        return uid == ROOT
                || others.stream().filter(m -> m.uid() == uid).count() < MONITORS_OF_TARGET;
    }

    /// Takes note that a user has so many more; fewer, if below 0.
    void add(int uid, int monitors, int registrations) {
        Count now = of(uid).plus(monitors, registrations);
        all = uid == ROOT ? all : all.plus(monitors, registrations);
        if (now.equals(Count.NONE)) {
            counts.remove(uid);
        } else {
            counts.put(uid, now);
        }
    }

    private Count of(int uid) {
        return counts.getOrDefault(uid, Count.NONE);
    }
}
