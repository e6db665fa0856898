// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.api;

/// How events reach the watchers of a module.
public enum Delivery {
    /// The notifying thread puts the event on the bounded lane of the module, and the thread of the
    /// lane calls its watchers in the order of the events. A slow watcher delays, and when the lane
    /// is full loses, only the events of its own module; what was lost is told to it by
    /// [TaskWatcher#lost]. A verdict given this way has no effect.
    QUEUED,
    /// The notifying thread calls the watcher itself and waits for it. Needed only to refuse; a slow
    /// watcher delays the notifier and every watcher behind it.
    SYNC
}
