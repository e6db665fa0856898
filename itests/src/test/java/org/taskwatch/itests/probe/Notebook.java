// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.itests.probe;

import org.taskwatch.api.TaskNotification;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Objects;

/// The folder in which a probe writes and the test reads, or the other way round.
///
/// @param folder the folder
/// @param revision what the test has called this revision of the bundle
public record Notebook(Path folder, String revision) {
    /// The resource of a probe bundle with the folder and the revision, a line each.
    public static final String RESOURCE = "notebook";

    /// The file with a line for each event that was seen.
    public static final String SEEN = "seen";

    static Notebook ofThisBundle() {
        try (InputStream in =
                Objects.requireNonNull(Notebook.class.getResourceAsStream("/" + RESOURCE))) {
            List<String> lines =
                    new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
            return new Notebook(Path.of(lines.get(0)), lines.get(1));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// {@return whether the event is one that the test has caused: of a task in whose command line
    /// the name of the folder stands}
    boolean concerns(TaskNotification n) {
        return n.details().commandLine().orElse(List.of()).stream()
                .anyMatch(word -> word.contains(folder.getFileName().toString()));
    }

    void write(String line) {
        try {
            Files.writeString(
                    folder.resolve(SEEN),
                    revision + " " + line + "\n",
                    StandardOpenOption.CREATE,
                    StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    boolean has(String file) {
        return Files.exists(folder.resolve(file));
    }
}
