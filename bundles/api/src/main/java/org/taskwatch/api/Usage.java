// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.api;

import java.time.Duration;
import java.util.OptionalLong;

/// What a process has used in its whole life, with all its threads, and without its children where nothing
/// else is said. Immutable.
///
/// **How exact.** Of a source that has it from the kernel's own counters (`ebpf`), the sum of the two times is
/// exact but for what has run since the last tick of the kernel (1 to 10 ms), and how it is divided is sampled
/// by ticks: what has ended before the first one has run its own code. Read from `/proc/PID/stat`, times are in
/// steps of 10 ms, and [#maxResidentBytes] is not known: the memory is given back before anybody can ask.
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
