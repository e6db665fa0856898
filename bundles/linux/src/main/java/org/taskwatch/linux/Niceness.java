// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.linux;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/// How willingly a thread lets others run, see `sched(7)`: on Linux each thread has its own nice value,
/// from -20 (runs before all others) to 19. Safe for all threads; each changes its own only.
public final class Niceness {
    private static final int PRIO_PROCESS = 0; // linux/resource.h; 0 of it is the calling thread
    private static final int SCHED_OTHER = 0; // linux/sched.h
    private static final int SCHED_RESET_ON_FORK = 0x40000000;

    private static final int KERNEL_OFFSET = 20; // the system call answers 20 minus the nice value

    private Niceness() {}

    /// {@return the nice value of the calling thread}
    public static int get() {
        // It fails only for threads that are not there.
        return KERNEL_OFFSET - (int) SystemCall.GETPRIORITY.call(PRIO_PROCESS, 0);
    }

    /// Sets the nice value of the calling thread. Threads that it starts from then on get 0 if it is
    /// below that.
    ///
    /// @param value from -20 to 19; what is beyond is taken for these
    /// @throws LinuxException EACCES if this user may not have so low a value: that needs CAP_SYS_NICE;
    ///     nothing has changed then
    public static void set(int value) throws LinuxException {
        SystemCall.check(
                SystemCall.SETPRIORITY.call(PRIO_PROCESS, 0, value), "setpriority to " + value);
        long policy = SystemCall.SCHED_GETSCHEDULER.call(0);
        if (policy == SCHED_OTHER) { // or with the flag already, or one that has no nice value
            resetOnFork();
        }
    }

    private static void resetOnFork() throws LinuxException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment parameter = arena.allocateFrom(JAVA_INT, 0); // struct sched_param
            long answer =
                    SystemCall.SCHED_SETSCHEDULER.call(
                            0, SCHED_OTHER | SCHED_RESET_ON_FORK, parameter.address());
            SystemCall.check(answer, "sched_setscheduler");
        }
    }
}
