// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.testing;

import static org.junit.Assume.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Stream;

/// What a test needs of the machine and of its user. Each method skips the test, and says why, where that is
/// missing.
public final class Needs {
    private Needs() {}

    /// {@return whether this process is root's}
    public static boolean isRoot() {
        try {
            return Files.getAttribute(Path.of("/proc/self"), "unix:uid").equals(0);
        } catch (IOException e) {
            throw new IllegalStateException("can't tell whose process this is", e);
        }
    }

    /// The test needs to be run by root.
    public static void root() {
        assumeTrue("needs root", isRoot());
    }

    /// The test needs to be run by root.
    ///
    /// @param why what for, as in "to become another user"
    public static void root(String why) {
        assumeTrue("needs root, " + why, isRoot());
    }

    /// {@return whether this process may trace the kernel with BPF programs (CAP_BPF and CAP_PERFMON), and
    /// the kernel tells its types}
    public static boolean hasBpf() {
        return hasCapability(39)
                && hasCapability(38)
                && Files.isReadable(Path.of("/sys/kernel/btf/vmlinux"));
    }

    /// The test needs to be allowed to trace the kernel with BPF programs, and a kernel that tells its types.
    public static void bpf() {
        assumeTrue("needs CAP_BPF and CAP_PERFMON, and a kernel with BTF", hasBpf());
    }

    private static boolean hasCapability(int number) {
        try (Stream<String> lines = Files.lines(Path.of("/proc/self/status"))) {
            return lines.filter(line -> line.startsWith("CapEff:"))
                    .map(line -> line.substring("CapEff:".length()).strip())
                    .anyMatch(bits -> (Long.parseUnsignedLong(bits, 16) >>> number & 1) != 0);
        } catch (IOException e) {
            throw new IllegalStateException("can't tell what this process may do", e);
        }
    }

    /// The test needs the kernel to let this user serve file systems.
    public static void fuse() {
        assumeTrue("needs a writable /dev/fuse", Files.isWritable(Path.of("/dev/fuse")));
    }

    /// The test needs a program.
    ///
    /// @param name its name, looked for on the PATH
    public static void program(String name) {
        String path = System.getenv().getOrDefault("PATH", "/usr/bin");
        assumeTrue(
                "needs " + name,
                Arrays.stream(path.split(File.pathSeparator))
                        .anyMatch(folder -> Files.isExecutable(Path.of(folder, name))));
    }
}
