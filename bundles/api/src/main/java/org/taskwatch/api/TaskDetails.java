// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.api;

import org.osgi.annotation.versioning.ProviderType;

import java.util.List;
import java.util.Map;

/// What is known of a task at one moment. Immutable, safe for all threads.
///
/// A new process has name, ids, executable and command line of the task that forked it: a fork copies
/// them. A new thread has the details of its process. An exec replaces name, executable and command
/// line: these three are always of one program, or GONE if another exec followed before they were read.
///
/// **Bounds.** A task chooses much of this, so no value is longer than a limit (the README of the bundle
/// that makes them says which); of a longer one the beginning is known, as a [Detail.Cut]. After
/// [TaskEvent#FREE] the limit is smaller for what [Task#details] returns.
///
/// **Paths** begin at the root of the mount namespace of the task. The same path in a container, or in mounts of a
/// user's own, is another file: [#namespaces] tells the two apart.
///
/// **Text.** The kernel has bytes; how they become strings, and how to show those, says [RawText].
///
/// What a watcher must declare, see [Capture], is [Detail.Reason#NOT_READ] if nobody did in time. Working
/// directory, control group, login and namespaces may change without an event: each is what it was at the
/// last event for which it was declared and could be read. At EXIT and FREE it is too late, so
/// what is declared for those is read at CLONE and EXEC; but usage is of the whole life, and read at EXIT.
@ProviderType
public interface TaskDetails {
    /// {@return the name of the task, at most 15 bytes, as `/proc/TID/comm`}
    Detail<String> comm();

    /// {@return the user and group ids}
    Detail<Credentials> credentials();

    /// {@return the path of the executable, as `/proc/PID/exe`, with the kernel's suffix
    /// ` (deleted)` if the file is gone} Needs [Capture#EXE].
    default Detail<String> executable() {
        return Detail.unknown(Detail.Reason.NOT_READ);
    }

    /// {@return the arguments, the program's name first, as `/proc/PID/cmdline`} If it is cut, so may
    /// be the last argument. The list can't be changed; go through it in order, as to `get` an
    /// argument may take as long as to look at all before it. Needs [Capture#CMDLINE].
    default Detail<List<String>> commandLine() {
        return Detail.unknown(Detail.Reason.NOT_READ);
    }

    /// {@return the working directory, as `/proc/PID/cwd`} Needs [Capture#CWD].
    default Detail<String> workingDirectory() {
        return Detail.unknown(Detail.Reason.NOT_READ);
    }

    /// {@return the control group} Needs [Capture#CGROUP].
    default Detail<Cgroup> cgroup() {
        return Detail.unknown(Detail.Reason.NOT_READ);
    }

    /// {@return the name of the effective user, as `/etc/passwd` of this process has it; NONE
    /// if that has no name for it} Users from other sources, such as LDAP, have none here,
    /// because only the C library can ask those; nor do users that only a container knows.
    /// Needs [Capture#USER].
    default Detail<String> userName() {
        return Detail.unknown(Detail.Reason.NOT_READ);
    }

    /// {@return the id of the user who has logged in, an unsigned number, as `/proc/PID/loginuid`; it
    /// stays when the ids change; NONE if nobody has} Needs [Capture#LOGIN].
    default Detail<Integer> loginUid() {
        return Detail.unknown(Detail.Reason.NOT_READ);
    }

    /// {@return the ids of the namespaces by their types, as `/proc/PID/ns` names them: `pid`, `net`,
    /// `mnt` and so on; tasks with the same id are in the same} Needs [Capture#NAMESPACES].
    default Detail<Map<String, Long>> namespaces() {
        return Detail.unknown(Detail.Reason.NOT_READ);
    }

    /// {@return what the process has used: times, memory, page faults, I/O; NOT_READ before its
    /// [TaskEvent#EXIT], and of threads; all of it only at [TaskEvent#FREE], see [Usage]; GONE if it was reaped before it could be read} Needs
    /// [Capture#USAGE].
    default Detail<Usage> usage() {
        return Detail.unknown(Detail.Reason.NOT_READ);
    }

    /// {@return the labels of its process, by key, in the order of the keys; they can't be changed here} Who forks
    /// passes them on. `taskwatch label` sets them; there are none where nobody has.
    default Map<String, String> labels() {
        return Map.of();
    }

    /// {@return about how many bytes of memory these details hold, 0 if that is little or not known}
    /// For those that keep many of them and must bound what they keep. Details that are shared
    /// with others (a fork shares those of its parent) count in full.
    default int heapBytes() {
        return 0;
    }
}
