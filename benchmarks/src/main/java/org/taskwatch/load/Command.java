// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.load;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// Runs programs to their end.
final class Command {
    /// What a program has written, and the pid that it had.
    record Output(long pid, String text) {}

    /// What is done before a program may end.
    interface BeforeEnd {
        /// Does it.
        ///
        /// @throws IOException if it fails; the program is killed then
        void run() throws IOException, InterruptedException;
    }

    private Command() {}

    /// Runs a program.
    ///
    /// @param folder its working directory
    /// @param words the program and its arguments
    /// @throws IOException if it is not there, or ends with another status than 0; the message has
    ///     what it wrote
    static Output run(Path folder, String... words) throws IOException, InterruptedException {
        return run(folder, () -> {}, words);
    }

    /// Compiles a C program.
    ///
    /// @param source its source file
    /// @param program where it goes
    /// @throws IOException if there is no gcc, or it fails
    static void compile(Path source, Path program) throws IOException, InterruptedException {
        run(
                Path.of("").toAbsolutePath(),
                "gcc",
                "-std=gnu11",
                "-O2",
                "-Wall",
                "-pthread",
                "-o",
                program.toString(),
                source.toString());
    }

    /// Runs a program that writes a line when it has done its work, and ends with its standard input.
    ///
    /// @param folder its working directory
    /// @param beforeEnd is done when it has written a line, or has ended without one
    /// @param words the program and its arguments
    /// @throws IOException as for the other
    static Output run(Path folder, BeforeEnd beforeEnd, String... words)
            throws IOException, InterruptedException {
        Process process =
                new ProcessBuilder(words)
                        .directory(folder.toFile())
                        .redirectErrorStream(true)
                        .start();
        try (BufferedReader reader = process.inputReader(StandardCharsets.UTF_8)) {
            List<String> lines = new ArrayList<>();
            String first = reader.readLine();
            beforeEnd.run();
            process.getOutputStream().close();
            for (String line = first; line != null; line = reader.readLine()) {
                lines.add(line);
            }
            if (process.waitFor() != 0) {
                throw new IOException(
                        "%s ended with the status %d: %s"
                                .formatted(
                                        String.join(" ", words),
                                        process.exitValue(),
                                        String.join("\n", lines)));
            }
            return new Output(process.pid(), String.join("\n", lines));
        } finally {
            process.destroyForcibly();
        }
    }
}
