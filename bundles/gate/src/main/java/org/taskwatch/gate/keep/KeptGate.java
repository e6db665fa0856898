// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.gate.keep;

import org.taskwatch.control.GateRequest;
import org.taskwatch.linux.proc.ProcStat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// What a later instance must know of a gate. As text:
///
///     taskwatch-kept-gate 1
///     boot=0e0c...         of /proc/sys/kernel/random/boot_id
///     keeper=4712:81533    the pid, and the start as in field 22 of proc_pid_stat(5)
///     root=4711:81530
///     uid=1000
///     taskwatch-gate 1     from here on as the command has asked for it, see [GateRequest]
///     ...
///
/// @param boot the boot of the machine that the pids and starts are of
/// @param keeper the pid of the keeper
/// @param keeperStart when it has started
/// @param pid that of the process at the root of the tree, which may have ended long ago
/// @param start when that has started
/// @param uid as [org.taskwatch.api.Gate#uid]
/// @param request what the command has asked for
public record KeptGate(
        String boot,
        int keeper,
        long keeperStart,
        int pid,
        long start,
        int uid,
        GateRequest request) {
    private static final String FIRST = "taskwatch-kept-gate 1";
    private static final int LINES = 6;
    private static final Path BOOT_ID = Path.of("/proc/sys/kernel/random/boot_id");

    /// {@return what distinguishes this boot of the machine from others}
    ///
    /// @throws IOException if the kernel does not tell it
    public static String presentBoot() throws IOException {
        return Files.readString(BOOT_ID).strip();
    }

    /// {@return whether the process at the root of the tree is still there}
    public boolean isRootThere() {
        try {
            return ProcStat.of(pid).startTicks() == start;
        } catch (IOException _) {
            return false;
        }
    }

    /// {@return this as text}
    String text() {
        return String.join(
                "\n",
                FIRST,
                "boot=" + boot,
                "keeper=" + keeper + ":" + keeperStart,
                "root=" + pid + ":" + start,
                "uid=" + Integer.toUnsignedString(uid),
                request.text());
    }

    /// {@return what a text says}
    ///
    /// @throws IllegalArgumentException if it says something else, or not all
    static KeptGate parse(String text) {
        String[] lines = text.split("\n", LINES);
        if (!lines[0].equals(FIRST) || lines.length != LINES) {
            throw new IllegalArgumentException("it does not begin as a kept gate does");
        }
        String[] keeper = process(value(lines[2], "keeper"));
        String[] root = process(value(lines[3], "root"));
        return new KeptGate(
                value(lines[1], "boot"),
                Integer.parseInt(keeper[0]),
                Long.parseLong(keeper[1]),
                Integer.parseInt(root[0]),
                Long.parseLong(root[1]),
                Integer.parseUnsignedInt(value(lines[4], "uid")),
                GateRequest.parse(lines[5]));
    }

    private static String value(String line, String name) {
        if (!line.startsWith(name + "=")) {
            throw new IllegalArgumentException("expected a line " + name + "=");
        }
        return line.substring(name.length() + 1);
    }

    private static String[] process(String text) {
        String[] numbers = text.split(":", -1);
        if (numbers.length != 2) {
            throw new IllegalArgumentException("\"" + text + "\" is not PID:START");
        }
        return numbers;
    }
}
