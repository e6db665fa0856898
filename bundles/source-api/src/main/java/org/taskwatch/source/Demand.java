// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.source;

import org.taskwatch.api.Capture;
import org.taskwatch.api.TaskEvent;

import java.util.Set;

/// What is wanted of a source, so that what nobody wants need not leave the kernel. Immutable.
///
/// The table needs the life of each task whatever watchers want, so births, execs, changes of ids and
/// names, ends and reapings are always recorded.
///
/// **Threads.** While they are wanted, everything that happens to them from the return of
/// [TaskSource#demand] on is recorded. While they are not, the source need not find them, and the
/// earlier it drops them the better. What it records of them changes nothing, except an exit with a
/// status other than 0: that is the status of the process. But then the source must find out when a
/// process ends: EXITED of its first thread is recorded after the last thread has exited, not when only
/// the first has, nor when an exec of another thread has ended it.
///
/// @param hurried the events that somebody wants at once; others may come some [#SLACK_MILLIS] late, if fewer
///     wakes are needed for that
/// @param threads whether the events of threads are wanted: of tasks whose tid is not their pid
/// @param captures the details that are wanted for any event; those that the source brings in its
///     records are not read from `/proc`
/// @param isUrgent whether details are wanted that are gone with a process, such as its command line,
///     and that this source does not bring ([TaskSource#delivers]): then a record is worth more the
///     sooner it comes
/// @param forkTimes whether [TaskSource#latestFork] is asked; a source that keeps these times for nothing else
///     need not keep them while it is not
public record Demand(
        Set<TaskEvent> hurried,
        boolean threads,
        Set<Capture> captures,
        boolean isUrgent,
        boolean forkTimes) {
    /// How late an event may come that nobody is in a hurry for, in milliseconds.
    public static final int SLACK_MILLIS = 100;

    /// Everything, at once: what holds until something else is said.
    public static final Demand ALL =
            new Demand(Set.of(TaskEvent.values()), true, Set.of(Capture.values()), false, true);

    /// Copies the sets.
    ///
    /// @param hurried as above
    /// @param threads as above
    /// @param captures as above
    /// @param isUrgent as above
    /// @param forkTimes as above
    public Demand {
        hurried = Set.copyOf(hurried);
        captures = Set.copyOf(captures);
    }
}
