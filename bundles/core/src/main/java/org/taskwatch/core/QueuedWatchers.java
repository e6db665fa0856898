// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.core;

import org.taskwatch.api.TaskEvent;
import org.taskwatch.api.TaskNotification;

import java.util.Arrays;
import java.util.List;

/// The open queued watchers of a module, as one list that a [Deliverer] calls. Immutable. (Arrays
/// for the speed of the loop; nobody writes them.)
///
/// @param epoch its epoch, see [org.taskwatch.core.call.Callers]
/// @param byEvent those of each event, by its ordinal
/// @param byThreadEvent those of them that are told of threads
/// @param all all of them
record QueuedWatchers(long epoch, Watcher[][] byEvent, Watcher[][] byThreadEvent, Watcher[] all) {
    /// A list before the first epoch.
    static final QueuedWatchers NONE = of(0, List.of());

    /// {@return the open queued ones of some watchers}
    static QueuedWatchers of(long epoch, List<Watcher> watchers) {
        List<Watcher> queued = watchers.stream().filter(w -> w.isQueued() && w.isOpen()).toList();
        List<Watcher> ofThreads = queued.stream().filter(w -> w.subscription().threads()).toList();
        return new QueuedWatchers(
                epoch, byEvent(queued), byEvent(ofThreads), queued.toArray(Watcher[]::new));
    }

    private static Watcher[][] byEvent(List<Watcher> watchers) {
        return Arrays.stream(TaskEvent.values())
                .map(event -> watchers.stream().filter(w -> w.watches(event)))
                .map(watching -> watching.toArray(Watcher[]::new))
                .toArray(Watcher[][]::new);
    }

    /// {@return those that watch an event, and are told of its task}
    Watcher[] of(TaskNotification notification) {
        Watcher[][] lists = notification.task().isThread() ? byThreadEvent : byEvent;
        return lists[notification.event().ordinal()];
    }
}
