// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.relayfork;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
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

    // Counted from after the name, which may hold anything: the first is field 3.
    private static final int START = 22 - 3;

    /// {@return the identity of the process that has a pid now}
    ///
    /// @throws IOException if there is none, or this user may not read it
    static ProcessIdentity of(int pid) throws IOException {
        Path file = Path.of("/proc", String.valueOf(pid), "stat");
        String stat = Files.readString(file, StandardCharsets.ISO_8859_1);
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
        return new ProcessIdentity(pid, Long.parseLong(fields[START]));
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
