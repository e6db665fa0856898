// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.api.spi;

import org.jspecify.annotations.Nullable;
import org.osgi.annotation.versioning.ProviderType;
import org.taskwatch.api.Loss;
import org.taskwatch.api.Task;
import org.taskwatch.api.TaskEvent;
import org.taskwatch.api.TaskNotification;
import org.taskwatch.api.Verdict;

import java.util.function.Consumer;

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

    /// Asks the watchers of an event that can be refused, on this thread, all under one deadline
    /// (`taskwatch.sync.deadline.ms`) from now on; for QUEUED ones it puts the notification on the lanes first.
    ///
    /// If the deadline passes before all have answered, another thread gives the answer in their place: the first
    /// refusal, or if nobody has refused, `late`. The watcher whose turn it is is suspended and interrupted, and
    /// those behind it are not asked. This thread returns when that watcher has let it go, however late. While a
    /// module with a SYNC watcher of the event is away for an update, the question waits for its new revision,
    /// up to the deadline; then nobody is suspended, and the module is named in place of a watcher. With the
    /// deadline 0 nothing ends the wait for a watcher, and no module is waited for.
    ///
    /// An interrupt of this thread that was set before is hidden from the watchers and set again afterwards. One that
    /// comes meanwhile is taken to be meant for a watcher, and is cleared.
    ///
    /// @param notification what is about to happen, to which task
    /// @param late the answer if the deadline passes, or asking fails; null for that of the instance
    ///     (`taskwatch.sync.late`)
    /// @param answer is given the decision, exactly once, by this thread or another one; it must return
    ///     at once and throw nothing
    /// @return whether this thread has given the answer: false if the deadline has passed before, and it was given
    ///     by another thread
    /// @throws IllegalStateException if questions are nested too deep; the answer has been given all the same
    boolean ask(TaskNotification notification, @Nullable Verdict late, Consumer<Decision> answer);

    /// Tells every watcher that events were lost, at the point that it has reached in the stream.
    ///
    /// @param loss the loss
    void lost(Loss loss);
}
