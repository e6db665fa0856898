// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.itests;

import static org.junit.Assume.assumeTrue;

import org.taskwatch.testing.Needs;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/// Packages of this Debian, unpacked into a folder: nothing is installed.
final class DebianPackages {
    private static final List<String> DOWNLOAD =
            List.of(
                    "apt-get",
                    "-q",
                    "-o",
                    "APT::Sandbox::User=",
                    "-o",
                    "Acquire::Retries=0",
                    "download");

    private DebianPackages() {}

    /// Gets packages. Skips the test, and says why, where that can't be done.
    ///
    /// @param folder is made
    /// @return the folder in it that is as the root of a file system
    static Path unpack(Path folder, List<String> names) throws IOException {
        Needs.program("apt-get");
        Needs.program("dpkg-deb");
        Files.createDirectories(folder);
        List<String> download = new ArrayList<>(DOWNLOAD);
        download.addAll(names);
        Output got = run(new ProcessBuilder(download).directory(folder.toFile()));
        assumeTrue("needs the packages " + names + " of Debian:\n" + got.out, got.status == 0);
        Path root = folder.resolve("root");
        try (Stream<Path> packages = Files.list(folder)) {
            for (Path file : packages.filter(f -> f.toString().endsWith(".deb")).toList()) {
                run(new ProcessBuilder("dpkg-deb", "-x", file + "", root + ""));
            }
        }
        return root;
    }

    /// What a program has said on both streams.
    ///
    /// @param status its exit status
    /// @param out the text
    record Output(int status, String out) {}

    /// Runs a program to its end, with nothing to read and the messages of the locale C.
    static Output run(ProcessBuilder builder) throws IOException {
        builder.environment().put("LC_ALL", "C");
        if (builder.redirectError() == ProcessBuilder.Redirect.PIPE) {
            builder.redirectErrorStream(true);
        }
        Process process = builder.redirectInput(Path.of("/dev/null").toFile()).start();
        byte[] out = process.getInputStream().readAllBytes();
        return new Output(
                process.onExit().join().exitValue(), new String(out, StandardCharsets.UTF_8));
    }
}
