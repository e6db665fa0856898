// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.tasks.procfs;

import org.taskwatch.api.RawText;

/// What `/proc/TID/stat` says of a task; fields are numbered as in `proc_pid_stat(5)`.
///
/// @param tid the number of the task, field 1
/// @param comm its name, field 2
/// @param state its state as one letter, field 3
/// @param parentPid the pid of its present parent, 0 if it has none, field 4
/// @param isKernelThread whether it runs in the kernel only: PF_KTHREAD of field 9
/// @param isExiting whether it has begun to exit: PF_EXITING of field 9
/// @param threads how many tasks its process has, field 20
/// @param startNanos when it started, in nanoseconds of CLOCK_BOOTTIME in steps of 10 ms, field 22
/// @param stackStart the address of the bottom of its stack, 0 if this user may not know it; field 28
/// @param isLoading whether it is in the middle of an exec: it has a new stack, but not yet the
///     environment on it, field 51; false if this user may not know it
public record ProcStat(
        int tid,
        String comm,
        char state,
        int parentPid,
        boolean isKernelThread,
        boolean isExiting,
        int threads,
        long startNanos,
        long stackStart,
        boolean isLoading) {

    // USER_HZ, the unit of all times in /proc, is 100 on every architecture that runs Java.
    private static final long TICK_NANOS = 10_000_000L;
    private static final long PF_EXITING = 0x4;
    private static final long PF_KTHREAD = 0x200000;

    private static final int FIRST_NUMBER = 4; // the field behind the state
    private static final int LAST_NUMBER = 51;

    /// {@return whether the task has exited and waits to be reaped, or is just exiting}
    public boolean isDead() {
        return state == 'Z' || state == 'X' || state == 'x';
    }

    static ProcStat parse(byte[] line) {
        // The name may hold spaces and parentheses; it ends at the last parenthesis.
        int open = indexOf(line, '(');
        int close = lastIndexOf(line, ')');
        if (open < 0 || close < open) {
            throw new IllegalArgumentException(
                    "no name in parentheses: " + RawText.escape(RawText.of(line)));
        }
        long[] fields = numbers(line, close + 4); // behind ") S "
        long flags = fields[9];
        return new ProcStat(
                Integer.parseInt(RawText.of(line, 0, open).trim()),
                name(line, open + 1, close),
                (char) line[close + 2],
                (int) fields[4],
                (flags & PF_KTHREAD) != 0,
                (flags & PF_EXITING) != 0,
                (int) fields[20],
                fields[22] * TICK_NANOS,
                fields[28],
                fields[28] != 0 && fields[LAST_NUMBER] == 0);
    }

    // The kernel escapes two characters of the name here: a backslash and a line feed
    // (`proc_task_name` of `fs/proc/array.c`).
    private static String name(byte[] line, int from, int to) {
        String name = RawText.of(line, from, to);
        return name.indexOf('\\') < 0 ? name : RawText.unescape(name);
    }

    /// {@return the fields that are numbers, each at its own number} What is unsigned and does not fit
    /// into a long keeps its bits.
    private static long[] numbers(byte[] line, int from) {
        long[] numbers = new long[LAST_NUMBER + 1];
        int at = from;
        for (int field = FIRST_NUMBER; field <= LAST_NUMBER; field++) {
            if (at >= line.length) {
                throw new IllegalArgumentException(
                        "no field " + field + ": " + RawText.escape(RawText.of(line)));
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
