// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.itests.kernels;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.spi.ToolProvider;

/// What runs in the virtual machines, the same in each: the distribution, a Java that runs it, two shells, and
/// programs whose lives are watched. The script `init` is its first process.
final class Guest {
    private static final Path RESOURCES =
            Path.of(System.getProperty("taskwatch.test.classes"), "kernels");
    private static final List<String> LIBRARIES =
            List.of("libc.so.6", "libm.so.6", "libdl.so.2", "libpthread.so.0", "librt.so.1");
    private static final String LOADER = "ld-linux-x86-64.so.2";

    private final Path folder;
    private final Path root;

    /// Prepares it.
    ///
    /// @param folder for what is made on the way
    /// @param root where busybox, bash and the C library are unpacked
    Guest(Path folder, Path root) {
        this.folder = folder;
        this.root = root;
    }

    /// Writes all of it into an archive that kernels begin with.
    ///
    /// @param file the archive, which is made
    void write(Path file) throws IOException {
        try (Initramfs files = new Initramfs(file)) {
            files.file("init", RESOURCES.resolve("init"));
            files.file("bin/busybox", Machine.find(root, "bin/busybox"));
            files.file("bin/bash", Machine.find(root, "bin/bash-static"));
            files.file("lib64/" + LOADER, Machine.find(root, LOADER));
            for (String library : LIBRARIES) {
                files.file("lib/x86_64-linux-gnu/" + library, Machine.find(root, library));
            }
            files.file("bin/arguments", compile("execs/arguments.c"));
            files.file("bin/life", compile("life/life.c"));
            files.tree("jre", java(), ".debuginfo");
            Path distribution = Path.of(System.getProperty("taskwatch.distribution"));
            files.tree("taskwatch", distribution, ".aot"); // they are for another JVM
            files.link("bin/taskwatch", "/taskwatch/bin/taskwatch");
            files.link("usr/bin/env", "/bin/busybox");
        }
    }

    private Path compile(String name) {
        Path source = RESOURCES.resolveSibling(name);
        Path program = folder.resolve(source.getFileName() + ".program");
        Program.run(
                folder,
                List.of("gcc", "-static", "-pthread", "-o", program + "", source.toString()));
        return program;
    }

    /// {@return a copy of this Java, without what only developers need}
    private Path java() throws IOException {
        Path copy = folder.resolve("jre");
        Program.run(folder, List.of("rm", "-rf", copy.toString()));
        int status =
                ToolProvider.findFirst("jlink")
                        .orElseThrow(() -> new AssertionError("needs a JDK with jlink"))
                        .run(
                                System.out,
                                System.err,
                                "--add-modules",
                                "java.se,jdk.unsupported",
                                "--strip-debug",
                                "--no-header-files",
                                "--no-man-pages",
                                "--output",
                                copy.toString());
        if (status != 0 || !Files.exists(copy.resolve("bin/java"))) {
            throw new AssertionError("jlink has failed, see above");
        }
        return copy;
    }
}
