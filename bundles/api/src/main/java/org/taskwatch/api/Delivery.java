// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.api;

/// How events reach the watchers of a module.
public enum Delivery {
    /// The notifying thread puts the event on the bounded lane of the module, and the thread of the
    /// lane calls its watchers in the order of the events. A slow watcher delays only the events of
    /// its own module, and loses some of them if the lane is full; [TaskWatcher#lost] reports the
    /// loss to it. A verdict given this way has no effect.
    QUEUED,
    /// The notifier waits for the watcher, and takes its verdict: needed only to refuse. The call is
    /// made under a deadline, and therefore on another thread than the notifier's; a watcher that
    /// is late is suspended, and the notifier goes on with the configured answer. Where the deadline
    /// is set to zero, the notifying thread makes the call itself, and can't leave it.
    SYNC
}
