// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.api;

import java.time.Duration;
import java.util.OptionalLong;

/// What a process has used in its whole life, with all its threads, and without its children where nothing
/// else is said. Immutable.
///
/// **How exact.** At [TaskEvent#FREE], of a source that has it from the kernel's own counters (`ebpf`), it is all that
/// the process has used, as `wait4(2)` tells its parent, and what the kernel did after that. At [TaskEvent#EXIT] two
/// things are missing from the times: what it has run since the last tick of the kernel (1 to 10 ms) or the last time it
/// waited, and what it takes to end it, most of all to give its memory back. Of a program that runs for a millisecond
/// that is most of it. How the sum of the two times is divided is sampled by ticks: what has ended before the first
/// one has run its own code.
///
/// Read from `/proc/PID/stat`, at EXIT, times are in steps of 10 ms, and [#maxResidentBytes] is not known: the memory
/// is given back before anybody can ask. FREE tells nothing more then.
///
/// @param user how long it has run its own code
/// @param system how long the kernel has run for it
/// @param maxResidentBytes the most of its memory that was resident at once, in bytes, as `ru_maxrss` of
///     `getrusage(2)`: a process that came of `vfork(2)` or `posix_spawn(3)` counts the memory that it has shared
///     with its parent; empty if it is not known
/// @param minorFaults how many page faults needed no I/O
/// @param majorFaults how many page faults needed I/O
/// @param readBytes how many bytes it has caused to be read from storage, with those of children that it has
///     waited for: `read_bytes` of `proc_pid_io(5)`; empty if the kernel does not count it, or it could not be
///     read
/// @param writtenBytes how many bytes it has caused to be written to storage, likewise: `write_bytes`
public record Usage(
        Duration user,
        Duration system,
        OptionalLong maxResidentBytes,
        long minorFaults,
        long majorFaults,
        OptionalLong readBytes,
        OptionalLong writtenBytes) {}
