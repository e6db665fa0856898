// SPDX-License-Identifier: Apache-2.0

/// What watchers program against.
///
/// A watcher is a Declarative Services component that implements [org.taskwatch.api.TaskWatcher] and
/// carries [org.taskwatch.api.WatchTask]. A tool that shows or steers what is loaded uses
/// [org.taskwatch.api.tool.Modules]; one that asks for the tasks of the machine uses
/// [org.taskwatch.api.tool.TaskTable].
///
/// Watchers import this package with `[1.0,2)`; a bundle that implements its interfaces, other than
/// [org.taskwatch.api.TaskWatcher], imports it with `[1.0,1.1)`.
@Export
@Version("1.0.0")
@NullMarked
package org.taskwatch.api;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
