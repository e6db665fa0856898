// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.itests.kernels;

import static java.nio.file.LinkOption.NOFOLLOW_LINKS;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/// A virtual machine of two processors, emulated by qemu: so it needs no right and no hardware. It has no disk
/// and no network, only what its kernel begins with.
final class Machine {
    private static final int DEADLINE_MINUTES = 5;
    private static final String LIBRARIES = "usr/lib/x86_64-linux-gnu";

    private final Path root;

    /// Prepares it.
    ///
    /// @param root where qemu is unpacked, with all that it depends on
    Machine(Path root) {
        this.root = root;
    }

    /// {@return the file of a package}
    ///
    /// @param folder where that is unpacked
    /// @param glob a pattern of the file's path
    static Path find(Path folder, String glob) throws IOException {
        PathMatcher matcher = folder.getFileSystem().getPathMatcher("glob:**/" + glob);
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(file -> Files.isRegularFile(file, NOFOLLOW_LINKS))
                    .filter(matcher::matches)
                    .findFirst()
                    .orElseThrow(() -> new AssertionError("no " + glob + " in " + folder));
        }
    }

    /// Runs a kernel until it switches the machine off.
    ///
    /// @param kernel its image
    /// @param initramfs what it begins with
    /// @param console the file that takes what it writes to its console
    void run(Path kernel, Path initramfs, Path console) throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder(command(kernel, initramfs));
        builder.environment().put("QEMU_MODULE_DIR", root.resolve(LIBRARIES) + "/qemu");
        builder.redirectInput(Path.of("/dev/null").toFile());
        builder.redirectErrorStream(true).redirectOutput(console.toFile());
        Process qemu = builder.start();
        try {
            if (!qemu.waitFor(DEADLINE_MINUTES, TimeUnit.MINUTES)) {
                throw new AssertionError("the machine is still on; its console: " + console);
            }
        } finally {
            qemu.destroyForcibly().waitFor();
        }
    }

    // By its own loader, as its C library need not be that of this machine.
    private List<String> command(Path kernel, Path initramfs) throws IOException {
        String loader = find(root, "ld-linux-x86-64.so.2").toString();
        String libraries = root.resolve("lib/x86_64-linux-gnu") + ":" + root.resolve(LIBRARIES);
        Path qemu = root.resolve("usr/bin/qemu-system-x86_64");
        return List.of(
                loader,
                "--library-path",
                libraries + ":" + root.resolve(LIBRARIES) + "/pulseaudio",
                qemu.toString(),
                "-L",
                root.resolve("usr/share/qemu").toString(),
                "-L",
                root.resolve("usr/share/seabios").toString(),
                "-accel",
                "tcg,thread=multi",
                "-cpu",
                "max",
                "-smp",
                "2",
                "-m",
                "1500",
                "-kernel",
                kernel.toString(),
                "-initrd",
                initramfs.toString(),
                "-append",
                "console=ttyS0 quiet loglevel=1 panic=-1",
                "-nic",
                "none",
                "-nographic",
                "-no-reboot",
                "-monitor",
                "none",
                "-serial",
                "stdio");
    }
}
