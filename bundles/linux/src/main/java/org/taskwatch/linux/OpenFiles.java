// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.linux;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/// How many files this process may have open, see `getrlimit(2)`.
public final class OpenFiles {
    private static final int RLIMIT_NOFILE = 7; // asm-generic/resource.h

    // struct rlimit {rlim_t rlim_cur @0, rlim_max @8}, bits/resource.h
    private static final long RLIMIT_BYTES = 16;

    // int getrlimit(int resource, struct rlimit *limit)
    private static final MethodHandle GETRLIMIT =
            Native.function("getrlimit", FunctionDescriptor.of(JAVA_INT, JAVA_INT, ADDRESS));

    private OpenFiles() {}

    /// {@return the soft limit of `RLIMIT_NOFILE`, which the JVM raises to the hard one when it starts;
    /// at most [Integer#MAX_VALUE], also if there is none}
    ///
    /// @throws LinuxException if the kernel refuses to tell it, which it never should
    public static int limit() throws LinuxException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment errno = Native.errnoSegment(arena);
            MemorySegment limit = arena.allocate(RLIMIT_BYTES, Long.BYTES);
            if ((int) GETRLIMIT.invokeExact(errno, RLIMIT_NOFILE, limit) < 0) {
                throw new LinuxException("getrlimit of RLIMIT_NOFILE", Native.errno(errno));
            }
            long soft = limit.get(JAVA_LONG, 0); // unsigned: RLIM_INFINITY is the largest
            return soft < 0 || soft > Integer.MAX_VALUE ? Integer.MAX_VALUE : (int) soft;
        } catch (Throwable e) {
            throw Native.failure(e);
        }
    }
}
