// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.source.ebpf;

/// What the programs write for each event: where each field of a record is, in bytes. Fields are of 32 bits
/// where nothing else is said, in the byte order of the machine. Ids and pids are those of the first
/// namespaces.
///
///     every record   TIME, KIND, TID, PID, START
///     CLONE          and the fields of IDENTITY, with the clone flags; those of NAMESPACES, if they are
///                    wanted
///     EXEC           and the same, with the start of the stack; room for NAMESPACES, the fields of PROGRAM, then
///                    ARGUMENTS_LENGTH bytes of arguments, the names of the executable, and those of the
///                    working directory, see [PathPart]
///     EXIT           and the fields of ENDING; of the last of its process those of USED, if that is wanted
///     RENAME         and the new name
///     FREE           HAS_USAGE, and the fields of USED, if that is wanted
///     IDS            and CHANGED, and the ids of IDENTITY as they are from now on
///     GROUP          a control group was made: TIME, KIND, 0, 0, and its id and path
final class RecordLayout {
    /// What has happened: the values of KIND.
    static final int CLONE = 1;

    static final int EXEC = 2;
    static final int EXIT = 3;
    static final int FREE = 4;
    static final int RENAME = 5;
    static final int GROUP = 6;
    static final int IDS = 7;

    /// u64, CLOCK_MONOTONIC in nanoseconds.
    static final int TIME = 0;

    static final int KIND = 8;
    static final int TID = 12;
    static final int PID = 16;

    /// u64, CLOCK_BOOTTIME in nanoseconds.
    static final int START = 24;

    /// Of a RENAME: char[16], ended by a NUL.
    static final int NEW_NAME = 32;

    static final int RENAME_BYTES = 48;

    // ENDING: the status of the task; whether it is the last one of its process, and then the
    // status of that, and whether the fields of USED are there.
    static final int STATUS = 32;
    static final int IS_LAST = 36;
    static final int PROCESS_STATUS = 40;
    static final int HAS_USAGE = 44;
    static final int EXIT_BYTES = 48;
    static final int FREE_BYTES = 48;

    // USED, each u64: times in nanoseconds, by the tick and as a whole by the scheduler; memory in
    // pages.
    static final int USER = 48;
    static final int SYSTEM = 56;
    static final int RUN = 64;
    static final int MAX_RESIDENT = 72;
    static final int MINOR_FAULTS = 80;
    static final int MAJOR_FAULTS = 88;

    /// Bytes, or NOT_COUNTED, as the next one.
    static final int READ = 96;

    static final int WRITTEN = 104;
    static final int USAGE_BYTES = 112;

    static final int NOT_COUNTED = -1;

    /// Of IDS: which have changed, the bits below.
    static final int CHANGED = 32;

    static final int USERS_CHANGED = 1;
    static final int GROUPS_CHANGED = 2;
    static final int IDS_BYTES = 104;

    // IDENTITY
    static final int PARENT_TID = 32;
    static final int PARENT_PID = 36;
    static final int CREATOR_TID = 40;
    static final int SESSION = 44;

    /// u64, of a CLONE.
    static final int CLONE_FLAGS = 48;

    /// u64, of an EXEC.
    static final int STACK_START = 48;

    /// u64, the number of the inode in the unified hierarchy; 0 if it is not told.
    static final int CGROUP = 56;

    static final int LOGIN_UID = 64;
    static final int REAL_UID = 68;
    static final int EFFECTIVE_UID = 72;
    static final int SAVED_UID = 76;
    static final int FILE_SYSTEM_UID = 80;
    static final int REAL_GID = 84;
    static final int EFFECTIVE_GID = 88;
    static final int SAVED_GID = 92;
    static final int FILE_SYSTEM_GID = 96;

    /// Whether NAMESPACES are told.
    static final int HAS_NAMESPACES = 100;

    static final int CLONE_BYTES = 104;

    /// The numbers of their inodes, 8 of them, see [Namespaces].
    static final int NAMESPACES = 104;

    static final int CLONE_NAMESPACES_BYTES = 136;

    // PROGRAM
    /// char[16], ended by a NUL.
    static final int NAME = 136;

    /// How many bytes the arguments have that the record has, with the NUL behind each.
    static final int ARGUMENTS_LENGTH = 152;

    /// u64, how many all of them have; 0 if there are none.
    static final int ARGUMENTS_TOTAL = 160;

    /// How many bytes the names of the executable have, NO_PATH if it is not told; behind it whether that was
    /// deleted.
    static final int EXECUTABLE_LENGTH = 168;

    /// The same of the working directory.
    static final int DIRECTORY_LENGTH = 176;

    /// Where the record ends.
    static final int END = 184;

    static final int EXEC_BYTES = 192;

    /// u64, of a GROUP: the number of its inode.
    static final int GROUP_ID = 24;

    /// Of a GROUP: its path, ended by a NUL.
    static final int GROUP_PATH = 32;

    /// So many bytes the kernel gives for it, with the NUL: TRACE_CGROUP_PATH_LEN of kernel/cgroup/cgroup-internal.h.
    static final int MOST_GROUP_PATH = 1024;

    static final int GROUP_BYTES = 1056;

    /// From the length of a path to whether it was deleted.
    static final int IS_DELETED = 4;

    static final int NO_PATH = -1;

    static final int NAME_BYTES = 16; // TASK_COMM_LEN of the kernel

    /// How many bytes of arguments a record has at most: as many as are read from `/proc`.
    static final int MOST_ARGUMENTS = 8192;

    /// How many bytes the two paths have together at most.
    static final int MOST_PATHS = 8192;

    private RecordLayout() {}
}
