// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.api.tool;

import org.jspecify.annotations.Nullable;
import org.osgi.annotation.versioning.ProviderType;
import org.taskwatch.api.Task;
import org.taskwatch.api.TaskNotification;

import java.util.Collection;
import java.util.List;
import java.util.function.Consumer;

/// The tasks of the machine. An OSGi service, registered once the table holds every task that was
/// there at the start. Safe for all threads.
///
/// Threads, [Task#isThread], are in it only while a watcher wants their events, see
/// [org.taskwatch.api.spi.Interest#threads]. One that was dropped because nobody wants them any more is not freed, but not
/// followed either.
@ProviderType
public interface TaskTable {
    /// {@return the task that has a tid now, null if none}
    ///
    /// @param tid the thread id; that of a process is its pid
    @Nullable Task task(int tid);

    /// {@return a view of all tasks that are not freed; iterating it is weakly consistent, the size
    /// is exact at some moment}
    Collection<Task> tasks();

    /// Takes a snapshot at one point of the stream: calls the receiver once, between two events,
    /// on the thread that reports them, with a [org.taskwatch.api.TaskEvent#CLONE] of the origin
    /// [TaskNotification.Origin#EXISTING] for each task that is alive. That list includes the effect of every earlier event and of no later
    /// one. The receiver must return soon. It is never called if no further event is reported.
    ///
    /// @param receiver is given the tasks, parents before their children
    void snapshot(Consumer<List<TaskNotification>> receiver);
}
