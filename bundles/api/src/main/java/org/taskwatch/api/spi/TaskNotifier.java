// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.api.spi;

import org.osgi.annotation.versioning.ProviderType;
import org.taskwatch.api.Loss;
import org.taskwatch.api.Task;
import org.taskwatch.api.TaskEvent;
import org.taskwatch.api.TaskNotification;
import org.taskwatch.api.Verdict;

/// The one entrance to the core: calls the watchers of an event. An OSGi service.
///
/// Any bundle may raise events for tasks of its own. Safe for all threads. Takes no lock but, for a few
/// steps each, that of the lanes which it puts the notification on.
@ProviderType
public interface TaskNotifier {
    /// Calls the watchers of an event: those of the static table, then the modules in the order in
    /// which they were registered; for a module with [org.taskwatch.api.Delivery#QUEUED] it only puts the
    /// notification on its lane, without ever waiting. May be called by a watcher.
    ///
    /// @param notification what happened, to which task
    /// @return the first refusal, or [Verdict#ALLOW] if no watcher refused or the event can't be
    ///     refused
    Verdict notify(TaskNotification notification);

    /// Calls the watchers of an event that happens now, with the details that the task has now, and
    /// with the origin [TaskNotification.Origin#RAISED].
    ///
    /// @param event what happens
    /// @param value its value
    /// @param task to which task
    /// @return as [#notify(TaskNotification)]
    Verdict notify(TaskEvent event, long value, Task task);

    /// Tells every watcher that events were lost, at the point that it has reached in the stream.
    ///
    /// @param loss the loss
    void lost(Loss loss);
}
