// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.itests.kernels;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

/// Programs of this machine. The profile was asked for, so what is missing is an error here.
final class Program {
    private Program() {}

    /// Runs one to its end.
    ///
    /// @param folder where it works
    /// @param words its name, and its arguments
    /// @return what it has written, to both streams
    /// @throws AssertionError if it is not there, or fails
    static String run(Path folder, List<String> words) {
        ProcessBuilder builder = new ProcessBuilder(words).directory(folder.toFile());
        builder.environment().put("LC_ALL", "C");
        builder.redirectInput(Path.of("/dev/null").toFile()).redirectErrorStream(true);
        try {
            Process process = builder.start();
            String out =
                    new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (process.waitFor() != 0) {
                throw new AssertionError(String.join(" ", words) + " failed:\n" + out);
            }
            return out;
        } catch (IOException e) {
            throw new AssertionError("needs " + words.getFirst() + ": " + e.getMessage(), e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e); // nobody interrupts a test
        }
    }
}
