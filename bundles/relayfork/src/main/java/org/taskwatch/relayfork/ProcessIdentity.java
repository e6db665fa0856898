// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.relayfork;

import org.taskwatch.linux.proc.ProcStat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// Which process, until the next boot of the machine: a pid comes again, but with another start.
///
/// As text `PID:START`.
///
/// @param pid its process id
/// @param start when it started, in clock ticks since boot, field 22 of `proc_pid_stat(5)`
record ProcessIdentity(int pid, long start) {
    private static final Path BOOT_ID = Path.of("/proc/sys/kernel/random/boot_id");

    /// {@return the identity of the process that has a pid now}
    ///
    /// @throws IOException if there is none, or this user may not read it
    static ProcessIdentity of(int pid) throws IOException {
        return new ProcessIdentity(pid, ProcStat.of(pid).startTicks());
    }

    /// {@return what a text says}
    ///
    /// @throws IllegalArgumentException if it says something else
    static ProcessIdentity parse(String text) {
        String[] numbers = text.split(":", -1);
        if (numbers.length != 2) {
            throw new IllegalArgumentException("\"" + text + "\" is not PID:START");
        }
        return new ProcessIdentity(Integer.parseInt(numbers[0]), Long.parseLong(numbers[1]));
    }

    /// {@return what distinguishes this boot of the machine from others}
    static String boot() throws IOException {
        return Files.readString(BOOT_ID).strip();
    }

    @Override
    public String toString() {
        return pid + ":" + start;
    }
}
