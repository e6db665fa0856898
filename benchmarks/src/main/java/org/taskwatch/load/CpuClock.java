// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.load;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/// The processor time of another process, with all its threads, also those that have ended. The
/// numbers in `/proc/PID/stat` have steps of 10 ms: too coarse for a storm.
@SuppressWarnings("restricted") // a native call is what this is for
final class CpuClock {
    private static final long NANOS_PER_SECOND = 1_000_000_000L;
    private static final MethodHandle CLOCK_GETTIME =
            Linker.nativeLinker()
                    .downcallHandle(
                            Linker.nativeLinker()
                                    .defaultLookup()
                                    .find("clock_gettime")
                                    .orElseThrow(),
                            FunctionDescriptor.of(
                                    ValueLayout.JAVA_INT,
                                    ValueLayout.JAVA_INT,
                                    ValueLayout.ADDRESS));

    private CpuClock() {}

    /// {@return the nanoseconds that a process has used}
    ///
    /// @throws IllegalStateException if there is no such process
    static long nanos(long pid) {
        // As clock_getcpuclockid(3) of glibc makes it: the pid inverted, and CPUCLOCK_SCHED.
        int clock = (int) (~pid << 3) | 2;
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment time = arena.allocate(ValueLayout.JAVA_LONG, 2);
            if ((int) CLOCK_GETTIME.invokeExact(clock, time) != 0) {
                throw new IllegalStateException("no processor clock: process " + pid + " is gone");
            }
            return time.getAtIndex(ValueLayout.JAVA_LONG, 0) * NANOS_PER_SECOND
                    + time.getAtIndex(ValueLayout.JAVA_LONG, 1);
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }
}
