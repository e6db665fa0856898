// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.linux;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.function.LongSupplier;

/// How much memory this process may lock, see `getrlimit(2)`. Before Linux 5.11 all that BPF has in the kernel
/// counts too, and the limit is 64 KiB on most machines. Safe for all threads.
final class LockedMemory {
    private static final int RLIMIT_MEMLOCK = 8; // asm-generic/resource.h
    private static final long RLIM_INFINITY = -1;

    // struct rlimit64 {u64 rlim_cur @0, rlim_max @8}, linux/resource.h
    private static final long RLIMIT_BYTES = 16;

    private LockedMemory() {}

    /// Tries again without the limit, what has failed with it. If it fails so too, the limit is what it was.
    ///
    /// @param call what is tried; it answers as the kernel does, the errno negative
    /// @param answer what it has answered with the limit
    /// @return its answer without it; the former one if there is none, or this user may not take it away
    ///     (CAP_SYS_RESOURCE)
    static long without(LongSupplier call, long answer) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment old = arena.allocate(RLIMIT_BYTES, Long.BYTES);
            MemorySegment none = arena.allocate(RLIMIT_BYTES, Long.BYTES).fill((byte) -1);
            if (set(none, old) != 0 || old.get(JAVA_LONG, 0) == RLIM_INFINITY) {
                return answer;
            }
            long next = call.getAsLong();
            if (next < 0) {
                set(old, none);
            }
            return next;
        }
    }

    private static long set(MemorySegment next, MemorySegment old) {
        return SystemCall.PRLIMIT64.call(0, RLIMIT_MEMLOCK, next.address(), old.address());
    }
}
