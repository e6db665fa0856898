// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.launcher.deploy;

import org.jspecify.annotations.Nullable;
import org.taskwatch.launcher.failure.Failure;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;

/// Tells one content of a file from another without reading it.
///
/// @param size in bytes
/// @param modified when it was last written
/// @param inode device and inode: another file of that name may be as long and as old
/// @param obstacle why it can't be read, null if it can
public record Stamp(
        long size, FileTime modified, @Nullable Object inode, @Nullable String obstacle) {
    /// {@return the stamp of what has a name, links followed; null if there is nothing of that name}
    ///
    /// @param file its path
    public static @Nullable Stamp of(Path file) {
        try {
            BasicFileAttributes is = Files.readAttributes(file, BasicFileAttributes.class);
            return new Stamp(is.size(), is.lastModifiedTime(), is.fileKey(), obstacle(file, is));
        } catch (NoSuchFileException e) {
            return Files.isSymbolicLink(file) ? unreadable("it is a link to nothing") : null;
        } catch (IOException e) { // as of a loop of links
            return unreadable(Failure.reason(e));
        }
    }

    private static Stamp unreadable(String obstacle) {
        return new Stamp(0, FileTime.fromMillis(0), null, obstacle);
    }

    /// Whether a file can be read is asked before it is opened: a FIFO would never open.
    private static @Nullable String obstacle(Path file, BasicFileAttributes is) {
        if (is.isDirectory()) {
            return "it is a directory";
        }
        if (!is.isRegularFile()) {
            return "it is no regular file, but a FIFO, a socket or a device";
        }
        if (!hasPlainName(file)) {
            return "its name can't be read in this locale; rename it, or set LC_ALL=C.UTF-8";
        }
        return Files.isReadable(file) ? null : "permission denied";
    }

    /// The JDK opens jars by names of characters, and some names of bytes have none.
    private static boolean hasPlainName(Path file) {
        try {
            return Path.of(file.toString()).equals(file);
        } catch (InvalidPathException e) {
            return false;
        }
    }

    /// {@return whether nobody seems to have written it for some time}
    boolean isOlderThan(long ms) {
        return modified.toMillis() < System.currentTimeMillis() - ms;
    }
}
