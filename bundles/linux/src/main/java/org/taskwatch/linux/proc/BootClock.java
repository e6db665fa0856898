// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.linux.proc;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// CLOCK_BOOTTIME, by which `/proc` tells when tasks have started: time since boot, sleep included. Safe
/// for all threads.
public final class BootClock {
    private static final int READS = 10;

    // /proc/uptime counts in steps of 10 ms: seconds with two decimals.
    private static final long STEP_NANOS = 10_000_000L;

    private BootClock() {}

    /// {@return the nanoseconds since boot, in steps of 10 ms}
    ///
    /// @param uptime the file, `/proc/uptime` of `proc_uptime(5)`
    /// @throws IOException if it can't be read
    public static long nanos(Path uptime) throws IOException {
        String text = Files.readString(uptime);
        String seconds = text.substring(0, text.indexOf(' '));
        return Long.parseLong(seconds.replace(".", "")) * STEP_NANOS;
    }

    /// {@return how many nanoseconds CLOCK_BOOTTIME is ahead of CLOCK_MONOTONIC, the clock of
    /// [System#nanoTime], exact to 10 ms}
    ///
    /// @param uptime the file, `/proc/uptime`
    /// @throws IOException if it can't be read
    public static long offsetNanos(Path uptime) throws IOException {
        for (int left = READS; ; left--) {
            long before = System.nanoTime();
            long boot = nanos(uptime);
            long after = System.nanoTime();
            long least = boot - after;
            long most = boot + STEP_NANOS - before;
            if (least <= 0 && most >= 0) {
                return 0; // as on every machine that has never slept
            }
            // If this thread was preempted in between, the bounds are too wide: once more.
            if (after - before <= STEP_NANOS || left == 1) {
                return least + (most - least) / 2;
            }
        }
    }
}
