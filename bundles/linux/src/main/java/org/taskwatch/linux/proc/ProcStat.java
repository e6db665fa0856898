// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.linux.proc;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// What `/proc/TID/stat` says of a task; fields are numbered as in `proc_pid_stat(5)`. Immutable, safe
/// for all threads.
public final class ProcStat {
    /// How many bytes the file has at most.
    public static final int LIMIT = 2048;

    /// USER_HZ, the unit of all times in `/proc`, in nanoseconds: it is 100 on every architecture that
    /// runs Java.
    public static final long TICK_NANOS = 10_000_000L;

    private static final long PF_EXITING = 0x4; // linux/sched.h
    private static final long PF_KTHREAD = 0x200000;

    private static final int PARENT = 4; // the first number behind the state
    private static final int FLAGS = 9;
    private static final int MINOR_FAULTS = 10;
    private static final int MAJOR_FAULTS = 12;
    private static final int USER = 14;
    private static final int SYSTEM = 15;
    private static final int THREADS = 20;
    private static final int START = 22;
    private static final int STACK_START = 28;
    private static final int ENVIRONMENT_END = 51;

    private final int tid;
    private final byte[] comm;
    private final char state;
    private final int parentPid;
    private final long flags;
    private final long minorFaults;
    private final long majorFaults;
    private final long userTicks;
    private final long systemTicks;
    private final int threads;
    private final long startTicks;
    private final long stackStart;
    private final long environmentEnd;

    private ProcStat(int tid, byte[] comm, char state, long[] fields) {
        this.tid = tid;
        this.comm = comm;
        this.state = state;
        parentPid = (int) fields[PARENT];
        flags = fields[FLAGS];
        minorFaults = fields[MINOR_FAULTS];
        majorFaults = fields[MAJOR_FAULTS];
        userTicks = fields[USER];
        systemTicks = fields[SYSTEM];
        threads = (int) fields[THREADS];
        startTicks = fields[START];
        stackStart = fields[STACK_START];
        environmentEnd = fields[ENVIRONMENT_END];
    }

    /// {@return what the kernel says of a task now}
    ///
    /// @param tid its number
    /// @throws IOException if there is none, or this user may not read it
    public static ProcStat of(int tid) throws IOException {
        return parse(ProcFile.read("/proc/" + tid + "/stat", LIMIT));
    }

    /// {@return what a line says}
    ///
    /// @param line the content of the file
    /// @throws IllegalArgumentException if it is something else, or cut
    public static ProcStat parse(byte[] line) {
        // The name may hold spaces and parentheses; it ends at the last parenthesis.
        int open = indexOf(line, '(');
        int close = lastIndexOf(line, ')');
        if (open < 0 || close < open) {
            throw new IllegalArgumentException(
                    "no name in parentheses: " + ProcFile.printable(line));
        }
        long[] fields = numbers(line, close + 4); // behind ") S "
        String tid = new String(line, 0, open, StandardCharsets.ISO_8859_1);
        return new ProcStat(
                Integer.parseInt(tid.strip()),
                unescape(Arrays.copyOfRange(line, open + 1, close)),
                (char) line[close + 2],
                fields);
    }

    /// {@return the number of the task, field 1}
    public int tid() {
        return tid;
    }

    /// {@return its name, field 2, a copy: any bytes but NUL, without the escapes that the file has}
    public byte[] comm() {
        return comm.clone();
    }

    /// {@return whether another task has the same name}
    ///
    /// @param other the other, or the same task at another time
    public boolean hasNameOf(ProcStat other) {
        return Arrays.equals(comm, other.comm);
    }

    /// {@return its state as one letter, field 3}
    public char state() {
        return state;
    }

    /// {@return whether the task has exited and waits to be reaped, or is just exiting}
    public boolean isDead() {
        return state == 'Z' || state == 'X' || state == 'x';
    }

    /// {@return the pid of its present parent, 0 if it has none, field 4}
    public int parentPid() {
        return parentPid;
    }

    /// {@return whether it runs in the kernel only: PF_KTHREAD of field 9}
    public boolean isKernelThread() {
        return (flags & PF_KTHREAD) != 0;
    }

    /// {@return whether it has begun to exit: PF_EXITING of field 9}
    public boolean isExiting() {
        return (flags & PF_EXITING) != 0;
    }

    /// {@return how many page faults of it needed no I/O, field 10; of a process with all its threads, as the
    /// next ones}
    public long minorFaults() {
        return minorFaults;
    }

    /// {@return how many page faults of it needed I/O, field 12}
    public long majorFaults() {
        return majorFaults;
    }

    /// {@return how long it has run its own code, in nanoseconds in steps of [#TICK_NANOS], field 14}
    public long userNanos() {
        return userTicks * TICK_NANOS;
    }

    /// {@return how long the kernel has run for it, likewise, field 15}
    public long systemNanos() {
        return systemTicks * TICK_NANOS;
    }

    /// {@return how many tasks its process has, field 20}
    public int threads() {
        return threads;
    }

    /// {@return when it started, in ticks of CLOCK_BOOTTIME, field 22}
    public long startTicks() {
        return startTicks;
    }

    /// {@return when it started, in nanoseconds of CLOCK_BOOTTIME in steps of [#TICK_NANOS]}
    public long startNanos() {
        return startTicks * TICK_NANOS;
    }

    /// {@return the address of the bottom of its stack, 0 if this user may not know it; field 28}
    public long stackStart() {
        return stackStart;
    }

    /// {@return whether it is in the middle of an exec: it has a new stack, but not yet the environment
    /// on it, field 51; false if this user may not know it}
    public boolean isLoading() {
        return stackStart != 0 && environmentEnd == 0;
    }

    // The kernel escapes two characters of the name here: a backslash and a line feed
    // (`proc_task_name` of `fs/proc/array.c`).
    private static byte[] unescape(byte[] name) {
        int length = 0;
        for (int at = 0; at < name.length; at++) {
            byte b = name[at];
            if (b == '\\' && at + 1 < name.length) {
                at++;
                b = name[at] == 'n' ? (byte) '\n' : name[at];
            }
            name[length++] = b;
        }
        return length == name.length ? name : Arrays.copyOf(name, length);
    }

    /// {@return the fields that are numbers, each at its own number} What is unsigned and does not fit
    /// into a long keeps its bits.
    private static long[] numbers(byte[] line, int from) {
        long[] numbers = new long[ENVIRONMENT_END + 1];
        int at = from;
        for (int field = PARENT; field <= ENVIRONMENT_END; field++) {
            if (at >= line.length) {
                throw new IllegalArgumentException(
                        "no field " + field + ": " + ProcFile.printable(line));
            }
            boolean isNegative = line[at] == '-';
            at += isNegative ? 1 : 0;
            long value = 0;
            for (; at < line.length && line[at] >= '0' && line[at] <= '9'; at++) {
                value = value * 10 + (line[at] - '0');
            }
            numbers[field] = isNegative ? -value : value;
            at++; // the space
        }
        return numbers;
    }

    private static int indexOf(byte[] line, char wanted) {
        int at = 0;
        while (at < line.length && line[at] != wanted) {
            at++;
        }
        return at < line.length ? at : -1;
    }

    private static int lastIndexOf(byte[] line, char wanted) {
        int at = line.length - 1;
        while (at >= 0 && line[at] != wanted) {
            at--;
        }
        return at;
    }
}
