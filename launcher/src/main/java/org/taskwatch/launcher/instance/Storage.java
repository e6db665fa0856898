// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.launcher.instance;

import org.jspecify.annotations.Nullable;
import org.taskwatch.launcher.failure.Failure;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;

/// A folder in the cache that the framework fills anew at each start, so that whatever it has become
/// does no harm. The framework would empty it too, but follows links to what is not its own.
final class Storage {
    private static final System.Logger LOG = System.getLogger(Storage.class.getName());

    private Storage() {}

    /// Makes an empty folder of it. Links are deleted, not followed. What can't be deleted is moved aside.
    ///
    /// @param folder the folder, or what has taken its place
    /// @throws Failure if that can't be done
    static void clear(Path folder) {
        try {
            delete(folder);
            Files.createDirectories(folder);
        } catch (IOException e) {
            moveAside(folder, Failure.reason(e));
        }
    }

    private static void moveAside(Path folder, String reason) {
        Path aside =
                folder.resolveSibling(folder.getFileName() + ".old-" + System.currentTimeMillis());
        try {
            Files.move(folder, aside);
            Files.createDirectories(folder);
            LOG.log(
                    System.Logger.Level.WARNING,
                    "cannot empty %s (%s): what it holds is in %s now; delete that by hand"
                            .formatted(folder, reason, aside));
        } catch (IOException e) {
            throw new Failure("cannot empty %s: %s; delete it by hand".formatted(folder, reason));
        }
    }

    private static void delete(Path folder) throws IOException {
        if (!Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)) {
            Files.deleteIfExists(folder);
            return;
        }
        Files.walkFileTree(
                folder,
                new SimpleFileVisitor<>() {
                    @Override
                    public FileVisitResult visitFile(Path file, BasicFileAttributes is)
                            throws IOException {
                        Files.delete(file);
                        return FileVisitResult.CONTINUE;
                    }

                    @Override
                    public FileVisitResult postVisitDirectory(
                            Path directory, @Nullable IOException e) throws IOException {
                        if (e != null) {
                            throw e;
                        }
                        if (!directory.equals(folder)) { // which may be a mount point
                            Files.delete(directory);
                        }
                        return FileVisitResult.CONTINUE;
                    }
                });
    }
}
