// SPDX-License-Identifier: Apache-2.0

/// The core: calls the watchers of an event, and loads and unloads them.
///
/// An event comes in at [org.taskwatch.core.Notifier], which reads one immutable
/// [org.taskwatch.core.Targets] of the event and calls, or queues for, each watcher in it. Everything
/// else only prepares those: [org.taskwatch.core.StaticTable] once at the start,
/// [org.taskwatch.core.Registry] whenever a service comes or goes. [org.taskwatch.core.call] is the
/// reclamation kernel, and [org.taskwatch.core.Drain] waits for its grace periods.
@NullMarked
package org.taskwatch.core;

import org.jspecify.annotations.NullMarked;
