// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.launcher.log;

import com.google.errorprone.annotations.concurrent.GuardedBy;

import org.jspecify.annotations.Nullable;
import org.taskwatch.launcher.failure.Failure;

import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.logging.ErrorManager;
import java.util.logging.Level;
import java.util.logging.LogRecord;

/// Appends records to a file, and begins a new one when it is full: `taskwatch.log.1` is the
/// youngest of the old ones. Only the owner may read them: watchers log what others have executed.
///
/// A record that cannot be written, as on a full disk, is lost, and counted; the next is tried again.
/// The first to be written then is one that tells the count. So a full disk stops nothing but the log.
/// The file is a stream, not a channel: that would be closed for good by the first thread that logs
/// while it is interrupted, such as the thread of a watcher that does not return.
final class LogFile extends LogHandler {
    private static final long MAX_BYTES = 10 << 20;
    private static final int OLD_FILES = 4;
    private static final FileAttribute<?> OWNER_ONLY =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));

    private final Path path;

    /// Null if the file could not be opened again.
    @GuardedBy("this")
    private @Nullable OutputStream out;

    /// The length of the file.
    @GuardedBy("this")
    private long length;

    /// How many records were lost since one was last written, since when and why.
    @GuardedBy("this")
    private long lost;

    @GuardedBy("this")
    private Instant lostSince = Instant.EPOCH;

    @GuardedBy("this")
    private String lostReason = "";

    /// Opens the file.
    ///
    /// @param path where it is; created if it is not there
    /// @param quota how much of one logger it takes
    /// @throws IOException if it can't be written
    LogFile(Path path, LogQuota quota) throws IOException {
        super(new LogFormatter(), quota);
        this.path = path;
        open();
    }

    @GuardedBy("this")
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
    @GuardedBy("this")
    void write(String text) {
        try {
            if (lost > 0) {
                append(lossText());
                lost = 0;
            }
            append(text);
        } catch (IOException e) {
            lose(e);
        }
    }

    @GuardedBy("this")
    private void append(String text) throws IOException {
        byte[] line = text.getBytes(StandardCharsets.UTF_8);
        OutputStream file = out == null ? open() : out; // first: a new one is not full
        if (length + line.length > MAX_BYTES) {
            rotate();
            file = open();
        }
        file.write(line);
        length += line.length;
    }

    @GuardedBy("this")
    private void lose(IOException e) {
        lostReason = Failure.reason(e);
        if (lost == 0) {
            lostSince = Instant.now();
            reportError("cannot write " + path, e, ErrorManager.WRITE_FAILURE);
        }
        lost++;
        close(); // and open it again: another one may have taken its place
    }

    /// Begins a new line if a piece of a record was written.
    @GuardedBy("this")
    private String lossText() throws IOException {
        String message =
                "%d records were lost since %s, as this file could not be written: %s"
                        .formatted(lost, lostSince.truncatedTo(ChronoUnit.SECONDS), lostReason);
        LogRecord entry = new LogRecord(Level.WARNING, message);
        entry.setLoggerName(LogFile.class.getName());
        return (endsInALine() ? "\n" : "") + getFormatter().format(entry);
    }

    private boolean endsInALine() throws IOException {
        if (Files.notExists(path)) {
            return false;
        }
        try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "r")) {
            long end = file.length();
            file.seek(Math.max(0, end - 1));
            return end > 0 && file.read() != '\n';
        }
    }

    @GuardedBy("this")
    private void rotate() throws IOException {
        closeFile();
        for (int i = OLD_FILES; i > 0; i--) {
            Path younger = i == 1 ? path : old(i - 1);
            if (Files.exists(younger)) {
                Files.move(younger, old(i), StandardCopyOption.REPLACE_EXISTING);
            }
        }
    }

    @GuardedBy("this")
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
