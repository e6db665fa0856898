// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.watchers.accounting;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/// The file of the records, and those that it was before: `.1` is the youngest. It is opened for each batch, so
/// that who moves or deletes it gets a new one. For one thread at a time.
class AcctFile {
    private final Path path;
    private final long mostBytes;
    private final int oldFiles;

    /// @param path where it is; created if it is not there
    /// @param mostBytes how long it gets before a new one is begun
    /// @param oldFiles how many of the old ones are kept, at least 1
    AcctFile(Path path, long mostBytes, int oldFiles) {
        this.path = path;
        this.mostBytes = mostBytes;
        this.oldFiles = oldFiles;
    }

    /// Writes records behind those that are there.
    ///
    /// @param records whole ones; its position is behind those that were written, also after an exception
    /// @throws IOException if not all could be written
    void append(ByteBuffer records) throws IOException {
        while (records.hasRemaining()) {
            if (isFullFor(records)) {
                rotate();
            }
        }
    }

    /// Writes as many as there is room for.
    ///
    /// @return whether that is none
    private boolean isFullFor(ByteBuffer records) throws IOException {
        try (SeekableByteChannel file = open(path)) {
            long end = whole(file.size());
            file.truncate(end)
                    .position(end); // an instance that was killed may have left half a record
            long room = Math.max(whole(mostBytes - end), end == 0 ? AcctRecord.BYTES : 0);
            int length = (int) Math.min(records.remaining(), room);
            ByteBuffer part = records.slice(records.position(), length);
            try {
                while (part.hasRemaining()) {
                    file.write(part);
                }
            } finally {
                int written = (int) whole(part.position());
                records.position(records.position() + written);
                if (written != part.position()) {
                    file.truncate(end + written); // nobody may read half a record as a whole one
                }
            }
            return length == 0;
        }
    }

    /// {@return the file, to be written anywhere} As a method, so that a test can have it fail.
    SeekableByteChannel open(Path file) throws IOException {
        return Files.newByteChannel(
                file,
                Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    }

    private static long whole(long bytes) {
        return Math.max(0, bytes - bytes % AcctRecord.BYTES);
    }

    private void rotate() throws IOException {
        for (int i = oldFiles; i > 0; i--) {
            Path younger = i == 1 ? path : old(i - 1);
            if (Files.exists(younger)) {
                Files.move(younger, old(i), StandardCopyOption.REPLACE_EXISTING);
            }
        }
    }

    private Path old(int age) {
        return path.resolveSibling(path.getFileName() + "." + age);
    }

    @Override
    public String toString() {
        return path.toString();
    }
}
