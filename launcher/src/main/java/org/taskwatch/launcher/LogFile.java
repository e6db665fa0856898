// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.launcher;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.logging.ErrorManager;
import java.util.logging.Handler;
import java.util.logging.LogRecord;

/// Appends records to a file, and begins a new one when it is full: `taskwatch.log.1` is the
/// youngest of the old ones.
///
/// A record that cannot be written is dropped, the first of them with a word on the standard
/// error; the next is tried again. So a full disk stops nothing but the log.
final class LogFile extends Handler {
    private static final long MAX_BYTES = 10 << 20;
    private static final int OLD_FILES = 4;

    private final Path path;

    /// Guarded by this.
    private FileChannel channel;

    LogFile(Path path) throws IOException {
        this.path = path;
        this.channel = open();
    }

    private FileChannel open() throws IOException {
        return FileChannel.open(
                path,
                StandardOpenOption.CREATE,
                StandardOpenOption.WRITE,
                StandardOpenOption.APPEND);
    }

    @Override
    public synchronized void publish(LogRecord entry) {
        if (!isLoggable(entry)) {
            return;
        }
        try {
            byte[] line = getFormatter().format(entry).getBytes(StandardCharsets.UTF_8);
            if (channel.position() + line.length > MAX_BYTES) {
                rotate();
            }
            channel.write(ByteBuffer.wrap(line));
        } catch (IOException e) {
            reportError("cannot write " + path, e, ErrorManager.WRITE_FAILURE);
        }
    }

    private void rotate() throws IOException {
        channel.close();
        for (int i = OLD_FILES; i > 0; i--) {
            Path younger = i == 1 ? path : old(i - 1);
            if (Files.exists(younger)) {
                Files.move(younger, old(i), StandardCopyOption.REPLACE_EXISTING);
            }
        }
        channel = open();
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
            channel.close();
        } catch (IOException e) {
            reportError("cannot close " + path, e, ErrorManager.CLOSE_FAILURE);
        }
    }
}
