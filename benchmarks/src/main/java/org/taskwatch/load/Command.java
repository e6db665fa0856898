// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.load;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/// Runs programs to their end.
final class Command {
    /// What a program has written, and the pid that it had.
    record Output(long pid, String text) {}

    private Command() {}

    /// Runs a program.
    ///
    /// @param folder its working directory
    /// @param words the program and its arguments
    /// @throws IOException if it is not there, or ends with another status than 0; the message has
    ///     what it wrote
    static Output run(Path folder, String... words) throws IOException, InterruptedException {
        Process process =
                new ProcessBuilder(words)
                        .directory(folder.toFile())
                        .redirectErrorStream(true)
                        .start();
        try {
            process.getOutputStream().close();
            byte[] bytes = process.getInputStream().readAllBytes();
            String text = new String(bytes, StandardCharsets.UTF_8).strip();
            if (process.waitFor() != 0) {
                String command = String.join(" ", words);
                throw new IOException(
                        command + " ended with the status " + process.exitValue() + ": " + text);
            }
            return new Output(process.pid(), text);
        } finally {
            process.destroyForcibly();
        }
    }
}
