// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.linux;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/// How many files this process may have open, see `getrlimit(2)`.
public final class OpenFiles {
    private static final int RLIMIT_NOFILE = 7; // asm-generic/resource.h

    // struct rlimit64 {u64 rlim_cur @0, rlim_max @8}, linux/resource.h
    private static final long RLIMIT_BYTES = 16;

    private OpenFiles() {}

    /// {@return the soft limit of `RLIMIT_NOFILE`, which the JVM raises to the hard one when it starts;
    /// at most [Integer#MAX_VALUE], also if there is none}
    ///
    /// @throws LinuxException if the kernel refuses to tell it, which it never should
    public static int limit() throws LinuxException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment limit = arena.allocate(RLIMIT_BYTES, Long.BYTES);
            SystemCall.check(
                    SystemCall.PRLIMIT64.call(0, RLIMIT_NOFILE, SystemCall.NULL, limit.address()),
                    "prlimit of RLIMIT_NOFILE");
            long soft = limit.get(JAVA_LONG, 0); // unsigned: RLIM_INFINITY is the largest
            return soft < 0 || soft > Integer.MAX_VALUE ? Integer.MAX_VALUE : (int) soft;
        }
    }
}
