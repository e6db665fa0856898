// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.tasks;

import org.osgi.annotation.versioning.ProviderType;

import java.util.function.IntPredicate;

/// Takes the records of a source. Called by the pump thread only, inside [TaskSource#receive].
///
/// All times are in nanoseconds of CLOCK_MONOTONIC, the clock of [System#nanoTime]. A tid is a
/// thread id, a pid a process id (thread group id). A record of what the table holds already
/// changes nothing.
@ProviderType
public interface TaskRecorder {
    /// A task was created.
    ///
    /// @param nanos when
    /// @param tid its tid
    /// @param pid its pid; equal to the tid for a process
    /// @param parentTid the tid of its parent as the kernel had it then, 0 if not known
    /// @param parentPid the pid of that parent, 0 if not known
    /// @param flags the clone flags, 0 if not known
    void cloned(long nanos, int tid, int pid, int parentTid, int parentPid, long flags);

    /// A task has executed a program.
    ///
    /// @param nanos when
    /// @param tid its tid
    /// @param pid its pid
    /// @param hasExecutedAgain whether the process with a pid has executed yet another program by now,
    ///     as far as the source knows; asked, perhaps, after `/proc` was read and before this returns: what
    ///     was read is of the later program then
    void executed(long nanos, int tid, int pid, IntPredicate hasExecutedAgain);

    /// A user id of a task has changed.
    ///
    /// @param nanos when
    /// @param tid its tid
    /// @param pid its pid
    /// @param realUid the real user id it has now
    /// @param uid the effective user id it has now
    void userChanged(long nanos, int tid, int pid, int realUid, int uid);

    /// A group id of a task has changed.
    ///
    /// @param nanos when
    /// @param tid its tid
    /// @param pid its pid
    /// @param realGid the real group id it has now
    /// @param gid the effective group id it has now
    void groupChanged(long nanos, int tid, int pid, int realGid, int gid);

    /// The name of a task has changed. No watcher is told.
    ///
    /// @param nanos when
    /// @param tid its tid
    /// @param pid its pid
    /// @param comm the name it has now
    void renamed(long nanos, int tid, int pid, String comm);

    /// A task begins to exit. For the first thread of a process this is not the end of the process:
    /// that comes with its last thread.
    ///
    /// @param nanos when
    /// @param tid its tid
    /// @param pid its pid
    /// @param status the wait status, -1 if not known
    void exited(long nanos, int tid, int pid, int status);

    /// A process was reaped: its pid may be used again. Not recorded for other threads: they are
    /// gone with their exit, which may be recorded a little later than this.
    ///
    /// @param nanos when
    /// @param pid its pid
    void freed(long nanos, int pid);

    /// Events were lost between the kernel and the source.
    ///
    /// @param count how many
    /// @param cause what happened, for a person to read
    /// @param sinceNanos the last time when surely nothing was lost
    void lost(long count, String cause, long sinceNanos);

    /// {@return whether a watcher wants details that are gone with a process, such as its command
    /// line: then a record is worth more the sooner it comes}
    boolean isHurried();
}
