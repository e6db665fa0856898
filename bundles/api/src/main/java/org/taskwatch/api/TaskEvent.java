// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.api;

/// The significant moments in the life of a task, in the order in which one task goes through them.
///
/// Each event carries a value, see [TaskNotification#value]; each constant says what it means.
public enum TaskEvent {
    /// A fork or clone of a process begins and nothing exists yet. The value is the clone flags of `clone(2)`.
    /// The one event that can be refused. Raised in the tree of a [Gate], and not for threads. A
    /// CLONE of the same task follows, or a FREE.
    INIT,
    /// The new task exists and will run. The value is the clone flags of `clone(2)`, -1 where
    /// they are not known.
    CLONE,
    /// The task has successfully executed a program. The value is 0.
    EXEC,
    /// A real, effective or saved user id has changed. The value is the previous effective user id,
    /// -1 where it was not known.
    UID,
    /// A real, effective or saved group id has changed. The value is the previous effective group
    /// id, -1 where it was not known.
    GID,
    /// The task begins to exit, for any reason. The value is the wait status as of `wait(2)`: the
    /// exit code shifted left by 8, or the number of the signal, with 0x80 set if core was dumped;
    /// see [WaitStatus]. It is -1 where the source cannot know it.
    EXIT,
    /// The task is gone: it was reaped and its tid may be used again. The value is the wait status
    /// as for [#EXIT]; after an [#INIT] that was refused, or whose fork failed, the errno, -1 if it is
    /// not known, and [TaskNotification#cause] says more.
    FREE;

    /// {@return whether a watcher of this event may refuse, and a refusal has an effect}
    public boolean isRefusable() {
        return this == INIT;
    }
}
