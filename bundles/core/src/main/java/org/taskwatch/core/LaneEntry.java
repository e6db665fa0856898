// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.core;

import org.jspecify.annotations.Nullable;
import org.taskwatch.api.Loss;
import org.taskwatch.api.TaskNotification;

import java.time.Instant;

/// What waits on a lane: a [TaskNotification] or a [Loss] for all watchers of the module, [Joined]
/// or [Existing] for one. They have no type in common, so that an event is put on a lane as the
/// notification that it is, and costs no object more; this class alone tells them apart.
final class LaneEntry {
    /// From here on the watcher has joined the stream.
    record Joined(Watcher watcher) {}

    /// A task that was there when a watcher joined, for this watcher alone.
    record Existing(Watcher watcher, TaskNotification notification) {}

    private LaneEntry() {}

    /// {@return when what it tells of happened, null if it does not say}
    static @Nullable Instant time(@Nullable Object entry) {
        return entry instanceof TaskNotification notification ? notification.time() : null;
    }

    /// Lets a watcher join the stream, if that is all that the entry is for.
    ///
    /// @return whether it was: then it tells nobody anything
    static boolean join(Object entry) {
        boolean isPoint = entry instanceof Joined;
        if (isPoint) {
            ((Joined) entry).watcher().join();
        }
        return isPoint;
    }

    /// {@return the watchers to which it may be told, in the order in which they are called}
    static Watcher[] candidates(Object entry, QueuedWatchers watchers) {
        return entry instanceof TaskNotification notification
                ? watchers.of(notification)
                : watchers.all();
    }

    /// {@return whether it is for one of the [#candidates]}
    static boolean isFor(Object entry, Watcher watcher) {
        return switch (entry) {
            case Existing existing -> existing.watcher() == watcher;
            case TaskNotification notification ->
                    watcher.hasJoined() && watcher.wants(notification);
            default -> watcher.hasJoined();
        };
    }

    /// Tells it to a watcher that it is for.
    static void tell(Object entry, Watcher watcher) {
        switch (entry) {
            case TaskNotification notification -> watcher.call(notification);
            case Existing existing -> watcher.call(existing.notification());
            case Loss loss -> watcher.tell(loss);
            default -> throw new IllegalStateException("on a lane: " + entry);
        }
    }
}
