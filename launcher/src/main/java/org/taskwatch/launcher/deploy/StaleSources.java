// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.launcher.deploy;

import org.taskwatch.control.TemporarySource;
import org.taskwatch.launcher.failure.Failure;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;

/// Sources that an earlier instance would have deleted, had it not been killed.
public final class StaleSources {
    private StaleSources() {}

    /// Deletes them. To be called before anything is deployed, or any command is executed.
    ///
    /// @param folder the deploy folder
    /// @throws Failure if that fails
    public static void delete(Path folder) {
        try (DirectoryStream<Path> files =
                Files.newDirectoryStream(
                        folder, file -> TemporarySource.isOne(file.getFileName().toString()))) {
            for (Path file : files) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            throw new Failure(
                    "cannot delete what an earlier instance has left in %s: %s"
                            .formatted(folder, Failure.reason(e)));
        }
    }
}
