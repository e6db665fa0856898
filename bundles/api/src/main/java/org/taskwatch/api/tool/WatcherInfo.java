// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.api.tool;

import org.taskwatch.api.Capture;
import org.taskwatch.api.Delivery;
import org.taskwatch.api.TaskEvent;

import java.util.Set;

/// A watcher as it was at one moment.
///
/// @param name the name of its class
/// @param module the symbolic name of its bundle
/// @param linked whether it is in the static table
/// @param events the events that it watches
/// @param captures what is read of the tasks for it
/// @param threads whether it is told of threads too, see [org.taskwatch.api.WatchTask#threads]
/// @param filter of which tasks it is told, see [org.taskwatch.api.WatchTask#filter]; empty for all
/// @param relaxed whether it may be told late, see [org.taskwatch.api.WatchTask#relaxed]
/// @param delivery how it is called
/// @param ranking its service ranking, 0 if linked
/// @param calls how many calls have begun, [#NOT_COUNTED] if linked
/// @param faults how many calls ended by a throwable or without a verdict
/// @param lastFault the last fault as text, empty if none
/// @param suspended why it is suspended and not called, empty if it is not
public record WatcherInfo(
        String name,
        String module,
        boolean linked,
        Set<TaskEvent> events,
        Set<Capture> captures,
        boolean threads,
        String filter,
        boolean relaxed,
        Delivery delivery,
        int ranking,
        long calls,
        long faults,
        String lastFault,
        String suspended) {

    /// The number of calls where nobody counts them.
    public static final long NOT_COUNTED = -1;
}
