// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.launcher.base;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/// Which bundles an instance waits for that does not stop: it tells them in a file, as it takes no commands by then.
/// The file has its pid, a blank, and the names. What an earlier instance has left there is of another pid.
public final class HangingBundles {
    private HangingBundles() {}

    private static Path file(Base base) {
        return base.run().resolve("hanging");
    }

    /// Tells them, in the instance.
    ///
    /// @param base its base
    /// @param names what they are called
    /// @throws IOException if the file can't be written
    public static void tell(Base base, String names) throws IOException {
        Files.writeString(file(base), ProcessHandle.current().pid() + " " + names);
    }

    /// {@return what an instance has told, empty if nothing}
    ///
    /// @param base its base
    /// @param pid its process
    public static Optional<String> told(Base base, long pid) {
        String begin = pid + " ";
        try {
            return Optional.of(Files.readString(file(base)))
                    .filter(text -> text.startsWith(begin))
                    .map(text -> text.substring(begin.length()));
        } catch (IOException e) {
            return Optional.empty(); // it has told nothing
        }
    }
}
