// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.tasks.procfs;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// Compares CLOCK_BOOTTIME, by which `/proc` tells when tasks have started, with CLOCK_MONOTONIC, the
/// clock of [System#nanoTime]. Safe for all threads.
final class BootClock {
    private static final long NANOS_PER_SECOND = 1_000_000_000L;

    // /proc/uptime counts in steps of 10 ms.
    private static final long STEP_NANOS = 10_000_000L;
    private static final int READS = 10;

    private BootClock() {}

    /// {@return how many nanoseconds CLOCK_BOOTTIME is ahead, exact to 10 ms}
    ///
    /// @param uptime the file, `/proc/uptime` of `proc_uptime(5)`
    /// @throws IOException if it can't be read
    static long offsetNanos(Path uptime) throws IOException {
        for (int left = READS; ; left--) {
            long before = System.nanoTime();
            String text = Files.readString(uptime);
            long after = System.nanoTime();
            double seconds = Double.parseDouble(text.substring(0, text.indexOf(' ')));
            long boot = (long) (seconds * NANOS_PER_SECOND);
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
