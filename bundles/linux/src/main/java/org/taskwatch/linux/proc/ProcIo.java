// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.linux.proc;

import java.nio.charset.StandardCharsets;

/// What `/proc/PID/io` says of a process: lines `name: number`, see `proc_pid_io(5)`. It is there if the kernel
/// has CONFIG_TASK_IO_ACCOUNTING.
///
/// @param readBytes how many bytes were read from storage, `read_bytes`
/// @param writtenBytes how many bytes were written to storage, `write_bytes`
public record ProcIo(long readBytes, long writtenBytes) {
    /// How many bytes the file has at most.
    public static final int LIMIT = 512;

    /// {@return what a text says}
    ///
    /// @param text the content of the file
    /// @throws IllegalArgumentException if it is something else, or cut
    public static ProcIo parse(byte[] text) {
        String lines = "\n" + new String(text, StandardCharsets.ISO_8859_1);
        return new ProcIo(number(lines, "\nread_bytes: "), number(lines, "\nwrite_bytes: "));
    }

    private static long number(String lines, String name) {
        int begin = lines.indexOf(name) + name.length();
        int end = lines.indexOf('\n', begin);
        if (begin < name.length() || end < 0) {
            throw new IllegalArgumentException("no line " + name.strip() + " in " + lines.strip());
        }
        return Long.parseLong(lines, begin, end, 10);
    }
}
