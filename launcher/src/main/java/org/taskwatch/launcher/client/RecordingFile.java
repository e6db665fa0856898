// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.launcher.client;

import org.jspecify.annotations.Nullable;
import org.taskwatch.launcher.failure.Failure;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.Set;

/// Takes a recording, and writes whole lines only: whenever it ends, its last line is whole, unless
/// writing itself has failed. For one thread.
final class RecordingFile extends OutputStream {
    private static final byte[] LOST = "lost ".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] SOURCE = "source ".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] HEADER = "taskwatch-recording ".getBytes(StandardCharsets.US_ASCII);

    private final @Nullable Path file;
    private final OutputStream out;

    /// A line that has not come whole yet; the instance sends none of more than 1 MiB.
    private final ByteArrayOutputStream begun = new ByteArrayOutputStream();

    private long bytes;
    private long records;
    private long losses;
    private boolean hasFailed;

    /// Makes one.
    ///
    /// @param file what is told of it; null for the standard output
    /// @param out takes the lines
    RecordingFile(@Nullable Path file, OutputStream out) {
        this.file = file;
        this.out = out;
    }

    /// {@return one that writes a new file, which only its owner can read}
    ///
    /// @throws Failure if something is there already, or the file can't be made
    static RecordingFile create(String name) {
        try {
            Path file = Path.of(name);
            FileChannel channel =
                    FileChannel.open(
                            file,
                            Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                            PosixFilePermissions.asFileAttribute(
                                    PosixFilePermissions.fromString("rw-------")));
            return new RecordingFile(file, Channels.newOutputStream(channel));
        } catch (FileAlreadyExistsException e) {
            throw new Failure(
                    "cannot record into %s: it is there already; remove it, or name another file"
                            .formatted(name));
        } catch (IOException | InvalidPathException e) {
            throw new Failure("cannot record into %s: %s".formatted(name, Failure.reason(e)));
        }
    }

    /// {@return what there is, in one line}
    String summary() {
        return "%s: %d records, %d losses, %d bytes"
                .formatted(file == null ? "recorded" : file, records, losses, bytes);
    }

    /// {@return whether something could not be written}
    boolean hasFailed() {
        return hasFailed;
    }

    @Override
    public void write(int b) throws IOException {
        write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] payload, int offset, int length) throws IOException {
        int end = offset + length;
        while (end > offset && payload[end - 1] != '\n') {
            end--;
        }
        if (end > offset) {
            begun.write(payload, offset, end - offset);
            writeLines(begun.toByteArray());
            begun.reset();
        }
        begun.write(payload, end, offset + length - end);
    }

    private void writeLines(byte[] lines) throws IOException {
        try {
            out.write(lines);
        } catch (IOException e) {
            hasFailed = true;
            if (file == null) {
                throw e;
            }
            throw new FileSystemException(
                    file.toString(),
                    null,
                    e.getMessage() + "; what was written before is whole, to its last line feed");
        }
        bytes += lines.length;
        int from = 0;
        for (int i = 0; i < lines.length; i++) {
            if (lines[i] == '\n') {
                count(lines, from);
                from = i + 1;
            }
        }
    }

    private void count(byte[] lines, int from) {
        if (begins(lines, from, LOST)) {
            losses++;
        } else if (!begins(lines, from, SOURCE) && !begins(lines, from, HEADER)) {
            records++;
        }
    }

    private static boolean begins(byte[] lines, int from, byte[] word) {
        int to = from + word.length;
        return to <= lines.length && Arrays.equals(lines, from, to, word, 0, word.length);
    }

    /// Closes it. Leaves no empty file.
    @Override
    public void close() throws IOException {
        out.close();
        if (file != null && bytes == 0 && !hasFailed) {
            Files.delete(file);
        }
    }
}
