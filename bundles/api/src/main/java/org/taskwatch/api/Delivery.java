// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.api;

/// How events reach the watchers of a module.
public enum Delivery {
    /// The notifying thread puts the event on the bounded lane of the module, and the thread of the
    /// lane calls its watchers in the order of the events. A slow watcher delays only the events of
    /// its own module, and loses some of them if the lane is full; [TaskWatcher#lost] reports the
    /// loss to it. A verdict given this way has no effect.
    QUEUED,
    /// The notifier waits for the watcher, and takes its verdict: needed only to refuse. A watcher that has not
    /// answered by a deadline is suspended and its thread interrupted, and the notifier goes on with the
    /// configured answer. All watchers of a question whether an event may happen have one deadline, and are
    /// called by the thread that asks. Of an event that has happened each is told by another thread than
    /// the notifier's, with a deadline of its own. Where the deadline is set to zero, the notifying thread
    /// makes all calls itself, and can't leave them.
    SYNC
}
