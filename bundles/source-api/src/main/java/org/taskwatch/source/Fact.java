// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.source;

/// A number that a source may know of a task at the moment of a record. Each is present or absent;
/// no number stands for one that is not known. Ids of users and groups are unsigned, from 0 to
/// 2^32 - 1.
///
/// What is no number is in the record itself, as [TaskRecord#arguments()].
public enum Fact {
    /// When the task has started, by the kernel, in nanoseconds of CLOCK_BOOTTIME: `start_boottime`
    /// of `struct task_struct`, exact.
    START_NANOS,

    /// The same as `/proc` shows it, in ticks of 10 ms since the boot: field 22 of `proc_pid_stat(5)`.
    START_TICKS,

    /// The tid of the task that the kernel has as the parent, `real_parent`. At its fork this is the
    /// task that has forked it, unless CLONE_PARENT or CLONE_THREAD says otherwise.
    PARENT_TID,

    /// The pid of that parent.
    PARENT_PID,

    /// The tid of the thread that has called fork or clone.
    CREATOR_TID,

    /// The flags of `clone(2)`. 0 means none.
    CLONE_FLAGS,

    /// The wait status of what exits, see `wait(2)`.
    STATUS,

    /// The real user id.
    REAL_UID,

    /// The effective user id.
    EFFECTIVE_UID,

    /// The saved set-user-ID.
    SAVED_UID,

    /// The user id that file access is checked with.
    FILE_SYSTEM_UID,

    /// The real group id.
    REAL_GID,

    /// The effective group id.
    EFFECTIVE_GID,

    /// The saved set-group-ID.
    SAVED_GID,

    /// The group id that file access is checked with.
    FILE_SYSTEM_GID,

    /// The user that has logged in, as `/proc/PID/loginuid` has it: 2^32 - 1 if nobody has.
    LOGIN_UID,

    /// The id of the session, `getsid(2)`.
    SESSION,

    /// The id of the control group: the number of its inode in the unified hierarchy.
    CGROUP_ID,

    /// The address of the bottom of the stack, which each exec chooses anew: field 28 of
    /// `proc_pid_stat(5)`, or 0 for a task without one.
    STACK_START,

    /// What a process has used, and the facts behind this: with the EXITED of its last thread, whichever that
    /// is, all of the process. This is the time that its threads have run in user mode, in nanoseconds.
    USER_NANOS,

    /// The time that they have run in the kernel, in nanoseconds.
    SYSTEM_NANOS,

    /// The most memory of the process that was ever resident, in bytes: `ru_maxrss` of `getrusage(2)`.
    MAX_RESIDENT_BYTES,

    /// How many page faults needed no I/O.
    MINOR_FAULTS,

    /// How many page faults needed I/O.
    MAJOR_FAULTS,

    /// How many bytes it has caused to be read from storage: `read_bytes` of `proc_pid_io(5)`.
    READ_BYTES,

    /// How many bytes it has caused to be written to storage: `write_bytes` of `proc_pid_io(5)`.
    WRITTEN_BYTES;

    /// {@return the bit of this fact in a set of facts}
    public long bit() {
        return 1L << ordinal();
    }
}
