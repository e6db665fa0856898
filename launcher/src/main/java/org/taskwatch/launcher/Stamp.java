// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.launcher;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;

/// Tells one content of a file from another without reading it.
///
/// @param size in bytes
/// @param modified when it was last written
/// @param inode device and inode: another file of that name may be as long and as old
record Stamp(long size, FileTime modified, @Nullable Object inode) {
    /// {@return the stamp of a regular file, null if there is none of that name}
    static @Nullable Stamp of(Path file) throws IOException {
        try {
            BasicFileAttributes is = Files.readAttributes(file, BasicFileAttributes.class);
            return is.isRegularFile()
                    ? new Stamp(is.size(), is.lastModifiedTime(), is.fileKey())
                    : null;
        } catch (NoSuchFileException e) {
            return null;
        }
    }

    /// {@return whether nobody seems to have written it for some time}
    boolean isOlderThan(long ms) {
        return modified.toMillis() < System.currentTimeMillis() - ms;
    }
}
