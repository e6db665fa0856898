// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.itests.kernels;

import java.io.BufferedOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.Stream;

/// Writes the files that a kernel begins with: an archive of cpio's format "newc", see
/// `Documentation/driver-api/early-userspace/buffer-format.rst` of the kernel. All is root's and may be executed.
///
///     "070701", then numbers of 8 hexadecimal digits: inode, mode, uid, gid, links, time of change,
///     size, device (major, minor), device that it stands for (major, minor), length of the name, check;
///     the name with a NUL; its content. Both are padded to a multiple of 4.
final class Initramfs implements Closeable {
    private static final int FOLDER = 0040755;
    private static final int FILE = 0100755;
    private static final int LINK = 0120777;
    private static final int ALIGNMENT = 4;
    private static final String LAST = "TRAILER!!!";

    private final OutputStream out;
    private final Set<String> folders = new HashSet<>();
    private long written;
    private int inode;

    /// Begins one.
    ///
    /// @param file is made, or written over
    Initramfs(Path file) throws IOException {
        out = new BufferedOutputStream(Files.newOutputStream(file), 1 << 16);
    }

    /// Adds a folder, with those that it is in, unless it is there.
    ///
    /// @param name its path, relative to the root
    void folder(String name) throws IOException {
        if (name.isEmpty() || !folders.add(name)) {
            return;
        }
        folder(parent(name));
        add(name, FOLDER, 0);
    }

    private static String parent(String name) {
        return name.substring(0, Math.max(name.lastIndexOf('/'), 0));
    }

    /// Adds a file.
    ///
    /// @param name its path, relative to the root
    /// @param from what it is a copy of
    void file(String name, Path from) throws IOException {
        folder(parent(name));
        add(name, FILE, Files.size(from));
        written += Files.copy(from, out);
        pad();
    }

    /// Adds a file with a text.
    void text(String name, String text) throws IOException {
        content(name, FILE, text);
    }

    /// Adds a symbolic link.
    void link(String name, String target) throws IOException {
        content(name, LINK, target);
    }

    private void content(String name, int mode, String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        folder(parent(name));
        add(name, mode, bytes.length);
        write(bytes);
        pad();
    }

    /// Adds all files of a folder and those below, except those with a suffix.
    ///
    /// @param name where they go, relative to the root
    /// @param from where they are
    /// @param without the suffix
    void tree(String name, Path from, String without) throws IOException {
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
                if (!file.toString().endsWith(without)) {
                    file(name + "/" + from.relativize(file), file);
                }
            }
        }
    }

    private void add(String name, int mode, long size) throws IOException {
        byte[] bytes = (name + "\0").getBytes(StandardCharsets.UTF_8);
        long[] numbers = {++inode, mode, 0, 0, 1, 0, size, 0, 0, 0, 0, bytes.length, 0};
        StringBuilder header = new StringBuilder("070701");
        for (long number : numbers) {
            header.append("%08x".formatted(number));
        }
        write(header.toString().getBytes(StandardCharsets.US_ASCII));
        write(bytes);
        pad();
    }

    private void write(byte[] bytes) throws IOException {
        out.write(bytes);
        written += bytes.length;
    }

    private void pad() throws IOException {
        write(new byte[(int) (-written & (ALIGNMENT - 1))]);
    }

    /// Ends the archive.
    @Override
    public void close() throws IOException {
        try (out) {
            add(LAST, 0, 0);
        }
    }
}
