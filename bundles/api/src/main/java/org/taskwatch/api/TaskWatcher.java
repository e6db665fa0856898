// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.api;

import org.osgi.annotation.versioning.ConsumerType;

/// A plugin that is called at moments in the life of every task of the machine.
///
/// A watcher is an OSGi service whose properties, by the annotation [WatchTask], say which events
/// it watches. Its bundle is its *module*. A watcher is called only between its activation and its
/// deactivation: when the stopping of its bundle returns, no thread is inside its watchers and none
/// will enter them again.
///
/// **Threads.** With [Delivery#QUEUED], all watchers of a module are called by one thread, one event
/// at a time. With [Delivery#SYNC] it may be called by several threads at a time, if several notify;
/// a watcher of the static table is called by the notifying threads themselves.
///
/// **Updates.** What happens while its bundle is updated or refreshed waits on the module's lane for
/// the new revision: each event is told to one of the two, once and in order.
@ConsumerType
@FunctionalInterface
public interface TaskWatcher {
    /// Called once for each watched event.
    ///
    /// A call should return soon. The thread is interrupted if the call goes on while the module is
    /// being unloaded.
    ///
    /// @param notification what happened, to which task
    /// @return [Verdict#ALLOW], or a refusal; it has an effect only if the event
    ///     [is refusable][TaskEvent#isRefusable] and the delivery is [Delivery#SYNC]. All watchers
    ///     are called even after one has refused; the first refusal is the answer.
    /// @throws Exception whatever is thrown is counted as a fault of the watcher and logged once per
    ///     distinct fault; the watcher goes on being called until it has thrown many times in a row,
    ///     and nobody else is affected
    Verdict notify(TaskNotification notification) throws Exception;

    /// Called in place of events that could not be delivered, on the thread and at the point of the
    /// stream where they are missing.
    ///
    /// @param loss how many events, where they were lost and since when
    /// @throws Exception counted and logged as for [#notify]
    default void lost(Loss loss) throws Exception {}
}
