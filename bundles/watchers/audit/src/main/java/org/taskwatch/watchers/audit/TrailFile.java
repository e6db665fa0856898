// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.watchers.audit;

import org.jspecify.annotations.Nullable;
import org.taskwatch.api.TaskNotification;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.InstantSource;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;

/// The file of the trail, and those that it was before: `.1` is the youngest. Beside it is the head: the last hash
/// of the chain, by which a file is seen to be cut at its end. Opened for each batch, so that who moves a file gets
/// a new one. For one thread at a time.
class TrailFile {
    private static final Set<OpenOption> READ_AND_WRITE =
            Set.of(StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
    private static final FileAttribute<?> OWNER_ONLY =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));

    /// How much of the end of a file is read, to find the last record of the chain: more than a batch.
    private static final int END = 4 << 20;

    private final Path path;
    private final Path head;
    private final long mostBytes;
    private final int oldFiles;
    private final InstantSource clock;
    private final AtomicLong serial;

    /// Null until the first batch.
    private @Nullable Chain chain;

    /// @param settings where it is, and how long it gets
    /// @param clock dates the records of the chain
    /// @param serial numbers them
    TrailFile(Settings settings, InstantSource clock, AtomicLong serial) {
        path = settings.file();
        head = path.resolveSibling("audit.head");
        mostBytes = settings.mostBytes();
        oldFiles = settings.oldFiles();
        this.clock = clock;
        this.serial = serial;
    }

    /// Writes a batch, and a record of the chain. All of it is written, or nothing.
    ///
    /// @param batch whole records
    /// @throws IOException if it was not written
    void append(byte[] batch) throws IOException {
        Chain before = chain == null ? resume() : chain;
        chain = before;
        long now = TaskNotification.epochNanos(clock.instant());
        boolean isTorn =
                before.rest().length > 0 && before.rest()[before.rest().length - 1] != '\n';
        byte[] whole = isTorn ? concat("\n".getBytes(StandardCharsets.US_ASCII), batch) : batch;
        String record = before.record(whole, new Line(now, serial.incrementAndGet()));
        byte[] bytes = concat(whole, record.getBytes(StandardCharsets.US_ASCII));
        if (before.rest().length == 0
                && isFullFor(bytes.length)) { // else the rest needs its hash here
            rotate();
        }
        try (FileChannel file = open(path)) {
            long end = file.size();
            try {
                writeAll(file, bytes, end);
            } catch (IOException e) {
                file.truncate(end); // nobody may read half a record
                throw e;
            }
        }
        Chain after = Chain.after(record);
        chain = after;
        try (FileChannel file = open(head)) {
            writeAll(file, (after.hash() + "\n").getBytes(StandardCharsets.US_ASCII), 0);
        } catch (IOException e) {
            // Written with the next batch; this one is in the file, and must not be written twice.
        }
    }

    /// Forces what was written to the disk.
    void sync() throws IOException {
        for (Path each : new Path[] {path, head}) {
            try (FileChannel file = open(each)) {
                file.force(false);
            }
        }
    }

    private Chain resume() throws IOException {
        byte[] end = {};
        if (Files.exists(path)) {
            try (FileChannel file = open(path)) {
                long from = Math.max(0, file.size() - END);
                ByteBuffer bytes = ByteBuffer.allocate((int) (file.size() - from));
                while (bytes.hasRemaining() && file.read(bytes, from + bytes.position()) >= 0) {
                    continue;
                }
                end = bytes.array();
            }
        }
        String last = Files.exists(head) ? Files.readString(head, StandardCharsets.US_ASCII) : "";
        return Chain.resume(end, last.matches("[0-9a-f]{64}\n") ? last.strip() : "");
    }

    /// {@return a file, to be read and written anywhere} As a method, so that a test can have it fail.
    FileChannel open(Path file) throws IOException {
        return FileChannel.open(file, READ_AND_WRITE, OWNER_ONLY);
    }

    private static void writeAll(FileChannel file, byte[] bytes, long at) throws IOException {
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        while (buffer.hasRemaining()) {
            file.write(buffer, at + buffer.position());
        }
    }

    private static byte[] concat(byte[] first, byte[] second) {
        return ByteBuffer.allocate(first.length + second.length).put(first).put(second).array();
    }

    private boolean isFullFor(int length) throws IOException {
        return Files.exists(path) && Files.size(path) > 0 && Files.size(path) + length > mostBytes;
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
