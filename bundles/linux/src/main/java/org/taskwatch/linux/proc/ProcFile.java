// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.linux.proc;

import java.io.FileInputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/// Reads files of `/proc` up to a limit. Safe for all threads.
public final class ProcFile {
    private static final int FIRST_BUFFER = 1024;
    private static final int GROWTH = 8;
    private static final int SHOWN = 200;

    private ProcFile() {}

    /// {@return the content of a file}
    ///
    /// The details of a short process last some 100 us. A plain stream reads them in half the time of the
    /// classes of `java.nio.file`; but only these tell why a file can't be opened.
    ///
    /// @param path of the file
    /// @param limit how many bytes are read at most
    /// @throws IOException as `java.nio.file` has it, if the file can't be opened
    public static byte[] read(String path, int limit) throws IOException {
        try (InputStream stream = new FileInputStream(path)) {
            return read(stream, limit);
        } catch (FileNotFoundException _) {
            try (InputStream stream = Files.newInputStream(Path.of(path))) {
                return read(stream, limit);
            }
        }
    }

    // A read that brings less than it was asked for has met the end: the kernel has the whole text
    // at once. That saves a system call.
    private static byte[] read(InputStream stream, int limit) throws IOException {
        byte[] bytes = new byte[Math.min(limit, FIRST_BUFFER)];
        int length = 0;
        while (true) {
            length += Math.max(0, stream.read(bytes, length, bytes.length - length));
            if (length < bytes.length) {
                return Arrays.copyOf(bytes, length);
            }
            if (length == limit) {
                return bytes;
            }
            bytes = Arrays.copyOf(bytes, Math.min(limit, length * GROWTH));
        }
    }

    /// {@return the beginning of a content, for messages: one line of ASCII}
    static String printable(byte[] content) {
        int length = Math.min(content.length, SHOWN);
        return new String(content, 0, length, StandardCharsets.ISO_8859_1)
                .strip()
                .replaceAll("[^ -~]", "?");
    }
}
