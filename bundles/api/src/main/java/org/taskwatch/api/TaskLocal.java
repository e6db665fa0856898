// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.api;

import org.jspecify.annotations.Nullable;
import org.osgi.annotation.versioning.ProviderType;

import java.util.function.Supplier;

/// A value that the watchers of one bundle keep with a task: of each task one, or none. Made by
/// [TaskLocals].
///
/// **When it comes and goes.** Time here is that of the bundle's queued watchers: the events of a task
/// are told to them one by one, perhaps long after they have happened, and what is done *at* an event is
/// done when they are told of it.
///
/// - At [TaskEvent#INIT] a watcher may set one for the unborn task. It is still there at its CLONE.
/// - At [TaskEvent#CLONE], before the bundle's watchers are told, the task inherits that of its
///   [parent][Task#parent], if this was made so and it has none of its own. So it does at a CLONE that was
///   *repaired*; it then has what its parent has by that time. A task that was there when a watcher joined
///   (*existing*) is not born, and inherits nothing.
/// - At [TaskEvent#FREE], after all watchers of the bundle were told, it is dropped.
/// - All are gone when the bundle stops, but for those that are [carried
///   over][TaskLocals.Builder#carried] an update. After that [#get] says null, and setting one fails.
///
/// **Losses.** A CLONE that was lost inherits nothing. The value of a task whose FREE was lost is dropped
/// some seconds after the loss was told, or after so many were set that there are twice as many as
/// before. So there are never many more than there are tasks, also if they are set for tasks whose FREE
/// was told already.
///
/// SYNC watchers see what is there at their moment: a SYNC watcher of CLONE may be called before the task
/// has inherited its value, one of FREE before it is dropped.
///
/// Safe for all threads. Reading takes no lock and makes no garbage.
///
/// @param <T> the type of the values; an immutable one, or one that is safe for the threads that share it
@ProviderType
public interface TaskLocal<T> {
    /// {@return its name, as it was made}
    String name();

    /// {@return the value of a task, null if it has none}
    ///
    /// @param task the task
    @Nullable T get(Task task);

    /// Gives a task a value, in place of the one it may have.
    ///
    /// @param task the task
    /// @param value its value
    /// @throws IllegalArgumentException if the task is a thread, and this is for processes only
    /// @throws IllegalStateException if the bundle has stopped, or has made another one of this name
    void set(Task task, T value);

    /// {@return the value of a task; if it has none, it is given one} Of several threads that do so at once
    /// one gives it.
    ///
    /// @param task the task
    /// @param first makes the value; it must not use this for another task
    /// @throws IllegalArgumentException as [#set]
    /// @throws IllegalStateException as [#set]
    T getOrSet(Task task, Supplier<? extends T> first);

    /// Takes the value of a task away.
    ///
    /// @param task the task
    /// @return the value, null if it had none
    @Nullable T remove(Task task);
}
