// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.core;

import org.taskwatch.api.TaskNotification;
import org.taskwatch.core.filter.TaskFilter;

import java.util.ArrayList;
import java.util.List;

/// A lane that an event is put on.
///
/// @param lane the lane
/// @param filters those of the watchers behind it; empty if one of them has none, and so is told of all
///     tasks. (An array for the speed of the loop; nobody writes it.)
record LaneTarget(Lane lane, TaskFilter[] filters) {
    private static final TaskFilter[] NONE = new TaskFilter[0];

    /// {@return that of some watchers}
    ///
    /// @param subscriptions theirs, at least one
    static LaneTarget of(Lane lane, List<Subscription> subscriptions) {
        List<TaskFilter> filters = new ArrayList<>();
        for (Subscription subscription : subscriptions) {
            TaskFilter filter = subscription.filter();
            if (filter == null) {
                return new LaneTarget(lane, NONE);
            }
            filters.add(filter);
        }
        return new LaneTarget(lane, filters.toArray(NONE));
    }

    /// Puts a notification on those lanes behind which a watcher is told.
    static void putAll(LaneTarget[] lanes, TaskNotification notification) {
        if (lanes.length > 0) {
            int bytes = Lane.bytes(notification);
            for (LaneTarget target : lanes) {
                if (target.wants(notification)) {
                    target.lane.put(notification, bytes);
                }
            }
        }
    }

    /// {@return whether any of the watchers is told}
    private boolean wants(TaskNotification notification) {
        if (filters.length == 0) {
            return true;
        }
        for (TaskFilter filter : filters) {
            if (filter.matches(notification)) {
                return true;
            }
        }
        return false;
    }
}
