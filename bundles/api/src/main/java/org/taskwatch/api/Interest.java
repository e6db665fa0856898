// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.api;

import org.osgi.annotation.versioning.ProviderType;

import java.util.Set;

/// What the watchers ask for, all together, so that nobody reads or tells what nobody wants. An OSGi
/// service of the core.
///
/// Counts the static table, the modules that are registered, without their suspended watchers, and
/// those that are away for an update and whose lanes fill. Changes at any time. Safe for all threads;
/// an answer costs one volatile read.
@ProviderType
public interface Interest {
    /// {@return what is to be known of the task when an event is told; immutable}
    ///
    /// @param event which
    Set<Capture> captures(TaskEvent event);

    /// {@return whether any watcher is told of the events of threads, see [WatchTask#threads]. One of
    /// [TaskEvent#EXEC] alone is not: an exec is always told of the process}
    boolean threads();

    /// Asks to tell no events of threads from now on. If that is granted, a registration that makes
    /// them wanted returns only after [#tellThreads], or logs after a second that it has not waited any
    /// longer: so what a watcher asks for is told from its registration on.
    ///
    /// For the one who tells the tasks of the machine.
    ///
    /// @return whether it is granted: false if a watcher wants them
    boolean leaveOutThreads();

    /// Takes note that the events of threads are told from now on. Does nothing if they were.
    void tellThreads();
}
