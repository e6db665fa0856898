// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.api;

/// Which task it is: its tid, and when the kernel has started it. A tid comes again, but not with the
/// same start.
///
/// The start is known from one side and from the other: where the source has it from the kernel, to the
/// nanosecond; from `/proc`, in steps of 10 ms; else within the time that lies between the fork and the
/// report of it. So two of these are compared by [#isSame], not by `equals`.
///
/// @param tid the thread id
/// @param earliestNanos the earliest time that it can have started, in nanoseconds of CLOCK_BOOTTIME:
///     `start_boottime` of the kernel's `struct task_struct`
/// @param latestNanos the latest time, included; not before the earliest
public record TaskIdentity(int tid, long earliestNanos, long latestNanos) {
    /// A tick of `/proc`, in nanoseconds. USER_HZ, the unit of its times, is 100 on every architecture
    /// that runs Java.
    public static final long TICK_NANOS = 10_000_000L;

    /// Checks the order of the times.
    ///
    /// @param tid as above
    /// @param earliestNanos as above
    /// @param latestNanos as above
    public TaskIdentity {
        if (earliestNanos > latestNanos) {
            throw new IllegalArgumentException(
                    "earliestNanos %d is after latestNanos %d"
                            .formatted(earliestNanos, latestNanos));
        }
    }

    /// {@return the identity of a task whose start is not known at all: the same as any with its tid}
    ///
    /// @param tid the thread id
    public static TaskIdentity ofUnknownStart(int tid) {
        return new TaskIdentity(tid, Long.MIN_VALUE, Long.MAX_VALUE);
    }

    /// {@return the identity of a task as `/proc` shows it}
    ///
    /// @param tid the thread id
    /// @param startTicks when it has started, in ticks since the boot: field 22 of `proc_pid_stat(5)`
    public static TaskIdentity ofStat(int tid, long startTicks) {
        long nanos = startTicks * TICK_NANOS;
        return new TaskIdentity(tid, nanos, nanos + TICK_NANOS - 1);
    }

    /// {@return whether the start is known to the nanosecond}
    public boolean isExact() {
        return earliestNanos == latestNanos;
    }

    /// {@return whether this and another are one task: they have the same tid, and may have the same
    /// start}
    ///
    /// @param other the other
    public boolean isSame(TaskIdentity other) {
        return tid == other.tid
                && earliestNanos <= other.latestNanos
                && other.earliestNanos <= latestNanos;
    }
}
