// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.linux;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/// How willingly a thread lets others run, see `sched(7)`: on Linux each thread has its own nice value,
/// from -20 (runs before all others) to 19. Safe for all threads; each changes its own only.
public final class Niceness {
    private static final int PRIO_PROCESS = 0; // linux/resource.h; 0 of it is the calling thread
    private static final int SCHED_OTHER = 0; // linux/sched.h
    private static final int SCHED_RESET_ON_FORK = 0x40000000;

    // int getpriority(int which, id_t who)
    private static final MethodHandle GETPRIORITY =
            Native.function("getpriority", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT));
    // int setpriority(int which, id_t who, int value)
    private static final MethodHandle SETPRIORITY =
            Native.function(
                    "setpriority", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT));
    // int sched_getscheduler(pid_t pid)
    private static final MethodHandle SCHED_GETSCHEDULER =
            Native.function("sched_getscheduler", FunctionDescriptor.of(JAVA_INT, JAVA_INT));
    // int sched_setscheduler(pid_t pid, int policy, const struct sched_param *param)
    private static final MethodHandle SCHED_SETSCHEDULER =
            Native.function(
                    "sched_setscheduler",
                    FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, ADDRESS));

    private Niceness() {}

    /// {@return the nice value of the calling thread}
    public static int get() {
        try (Arena arena = Arena.ofConfined()) {
            // It fails only for threads that are not there.
            return (int) GETPRIORITY.invokeExact(Native.errnoSegment(arena), PRIO_PROCESS, 0);
        } catch (Throwable e) {
            throw Native.unchecked(e);
        }
    }

    /// Sets the nice value of the calling thread. Threads that it starts from then on get 0 if it is
    /// below that.
    ///
    /// @param value from -20 to 19; what is beyond is taken for these
    /// @throws LinuxException EACCES if this user may not have so low a value: that needs CAP_SYS_NICE;
    ///     nothing has changed then
    public static void set(int value) throws LinuxException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment errno = Native.errnoSegment(arena);
            if ((int) SETPRIORITY.invokeExact(errno, PRIO_PROCESS, 0, value) < 0) {
                throw new LinuxException("setpriority to " + value, Native.errno(errno));
            }
            int policy = (int) SCHED_GETSCHEDULER.invokeExact(errno, 0);
            if (policy == SCHED_OTHER) { // or with the flag already, or one that has no nice value
                MemorySegment parameter = arena.allocateFrom(JAVA_INT, 0); // struct sched_param
                int flagged = policy | SCHED_RESET_ON_FORK;
                if ((int) SCHED_SETSCHEDULER.invokeExact(errno, 0, flagged, parameter) < 0) {
                    throw new LinuxException("sched_setscheduler", Native.errno(errno));
                }
            }
        } catch (Throwable e) {
            throw Native.failure(e);
        }
    }
}
