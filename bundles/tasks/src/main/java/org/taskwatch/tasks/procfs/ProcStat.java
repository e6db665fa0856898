// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.tasks.procfs;

import java.util.StringTokenizer;

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
public record ProcStat(
        int tid,
        String comm,
        char state,
        int parentPid,
        boolean isKernelThread,
        boolean isExiting,
        int threads,
        long startNanos,
        long stackStart) {

    // USER_HZ, the unit of all times in /proc, is 100 on every architecture that runs Java.
    private static final long TICK_NANOS = 10_000_000L;
    private static final long PF_EXITING = 0x4;
    private static final long PF_KTHREAD = 0x200000;

    /// {@return whether the task has exited and waits to be reaped, or is just exiting}
    public boolean isDead() {
        return state == 'Z' || state == 'X' || state == 'x';
    }

    static ProcStat parse(String line) {
        // The name may hold spaces and parentheses; it ends at the last parenthesis.
        int open = line.indexOf('(');
        int close = line.lastIndexOf(')');
        if (open < 0 || close < open) {
            throw new IllegalArgumentException("no name in parentheses: " + line);
        }
        StringTokenizer fields = new StringTokenizer(line.substring(close + 1));
        int tid = Integer.parseInt(line.substring(0, open).trim());
        char state = fields.nextToken().charAt(0); // 3
        int parentPid = Integer.parseInt(fields.nextToken()); // 4
        skip(fields, 4); // 5 to 8
        long flags = Long.parseLong(fields.nextToken()); // 9
        skip(fields, 10); // 10 to 19
        int threads = Integer.parseInt(fields.nextToken()); // 20
        skip(fields, 1);
        long start = Long.parseLong(fields.nextToken()) * TICK_NANOS; // 22
        skip(fields, 5); // 23 to 27
        long stack = Long.parseUnsignedLong(fields.nextToken()); // 28
        String comm = line.substring(open + 1, close);
        return new ProcStat(
                tid,
                comm,
                state,
                parentPid,
                (flags & PF_KTHREAD) != 0,
                (flags & PF_EXITING) != 0,
                threads,
                start,
                stack);
    }

    private static void skip(StringTokenizer fields, int count) {
        for (int i = 0; i < count; i++) {
            fields.nextToken();
        }
    }
}
