// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.tasks.procfs;

import org.jspecify.annotations.Nullable;
import org.taskwatch.api.Usage;
import org.taskwatch.linux.proc.ProcIo;
import org.taskwatch.linux.proc.ProcStat;

import java.time.Duration;
import java.util.OptionalLong;

/// What `/proc` shows of the usage of a process.
///
/// @param stat the process, with its times and faults
/// @param io what it has read and written, null if this user may not know it or the kernel does not count it
public record ProcUsage(ProcStat stat, @Nullable ProcIo io) {
    /// {@return the usage} The most memory is not there: an exiting process gives its memory back before it is
    /// told.
    public Usage usage() {
        return new Usage(
                Duration.ofNanos(stat.userNanos()),
                Duration.ofNanos(stat.systemNanos()),
                OptionalLong.empty(),
                stat.minorFaults(),
                stat.majorFaults(),
                io == null ? OptionalLong.empty() : OptionalLong.of(io.readBytes()),
                io == null ? OptionalLong.empty() : OptionalLong.of(io.writtenBytes()));
    }
}
