// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.api.spi;

import org.jspecify.annotations.Nullable;
import org.osgi.annotation.versioning.ProviderType;
import org.taskwatch.api.Capture;
import org.taskwatch.api.TaskEvent;

import java.util.Set;

/// What all watchers together ask for, so that nothing is read or reported that nobody wants. An
/// OSGi service of the core.
///
/// Counts the static table, the registered modules without their suspended watchers, and the
/// modules that are away for an update: those whose lanes fill, and those that questions wait for. Changes at any time. Safe for all
/// threads; an answer costs one volatile read.
@ProviderType
public interface Interest {
    /// {@return whether any watcher watches an event}
    ///
    /// @param event the event
    boolean isWatched(TaskEvent event);

    /// {@return whether any watcher of an event wants it at once, see
    /// [org.taskwatch.api.WatchTask#relaxed]}
    ///
    /// @param event the event
    boolean isHurried(TaskEvent event);

    /// {@return the details of the task that must be known when an event is reported; immutable}
    ///
    /// @param event the event
    Set<Capture> captures(TaskEvent event);

    /// {@return whether any watcher wants the events of threads, see [org.taskwatch.api.WatchTask#threads].
    /// Watching only [TaskEvent#EXEC] and [TaskEvent#INIT] does not count: these are always of processes}
    boolean threads();

    /// Asks for leave to switch the events of threads off, so that none are reported from now on.
    /// Once it is granted, a registration that makes them wanted returns only after
    /// [#threadEventsOn], or logs after a second that it has stopped waiting: so a watcher is told
    /// what it asks for from its registration on.
    ///
    /// For the bundle that reports the tasks of the machine.
    ///
    /// @return whether it is granted: false if a watcher wants them
    boolean threadEventsOff();

    /// Takes note that the events of threads are on: reported from now on. Does nothing if they
    /// already are.
    void threadEventsOn();

    /// Sets what is run after each change, in place of what was set before.
    ///
    /// For the bundle that reports the tasks of the machine.
    ///
    /// @param listener must return at once; it is called by any thread, under locks of the core, and
    ///     the answers of this are new already; null for none
    void whenChanged(@Nullable Runnable listener);
}
