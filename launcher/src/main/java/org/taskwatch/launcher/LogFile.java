// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.launcher;

import org.jspecify.annotations.Nullable;

import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.logging.ErrorManager;
import java.util.logging.Handler;
import java.util.logging.LogRecord;

/// Appends records to a file, and begins a new one when it is full: `taskwatch.log.1` is the
/// youngest of the old ones. Only the owner may read them: watchers log what others have executed.
///
/// A record that cannot be written is dropped, the first of them with a word on the standard error;
/// the next is tried again. So a full disk stops nothing but the log. The file is a stream, not a
/// channel: that would be closed for good by the first thread that logs while it is interrupted,
/// such as the thread of a watcher that does not return.
final class LogFile extends Handler {
    private static final long MAX_BYTES = 10 << 20;
    private static final int OLD_FILES = 4;
    private static final FileAttribute<?> OWNER_ONLY =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));

    private final Path path;

    /// Null if the file could not be opened again. Guarded by this.
    private @Nullable OutputStream out;

    /// The length of the file. Guarded by this.
    private long length;

    LogFile(Path path) throws IOException {
        this.path = path;
        open();
    }

    private OutputStream open() throws IOException {
        if (Files.notExists(path)) {
            Files.createFile(path, OWNER_ONLY);
        }
        OutputStream opened = new FileOutputStream(path.toFile(), true);
        out = opened;
        length = Files.size(path);
        return opened;
    }

    @Override
    public synchronized void publish(LogRecord entry) {
        if (!isLoggable(entry)) {
            return;
        }
        try {
            byte[] line = getFormatter().format(entry).getBytes(StandardCharsets.UTF_8);
            if (length + line.length > MAX_BYTES) {
                rotate();
            }
            OutputStream file = out == null ? open() : out;
            file.write(line);
            length += line.length;
        } catch (IOException e) {
            reportError("cannot write " + path, e, ErrorManager.WRITE_FAILURE);
        }
    }

    private void rotate() throws IOException {
        closeFile();
        for (int i = OLD_FILES; i > 0; i--) {
            Path younger = i == 1 ? path : old(i - 1);
            if (Files.exists(younger)) {
                Files.move(younger, old(i), StandardCopyOption.REPLACE_EXISTING);
            }
        }
    }

    private void closeFile() throws IOException {
        OutputStream file = out;
        out = null;
        if (file != null) {
            file.close();
        }
    }

    private Path old(int age) {
        return path.resolveSibling(path.getFileName() + "." + age);
    }

    /// Does nothing: each record is written at once.
    @Override
    public void flush() {}

    @Override
    public synchronized void close() {
        try {
            closeFile();
        } catch (IOException e) {
            reportError("cannot close " + path, e, ErrorManager.CLOSE_FAILURE);
        }
    }
}
