// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.api.file;

import org.jspecify.annotations.Nullable;
import org.taskwatch.api.Errno;

import java.lang.ref.SoftReference;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.function.Supplier;

/// An open text file, like those of sysfs: a read from the start makes the text anew, and reads
/// further on are of that same text.
public final class TextFile implements OpenFile {
    /// Takes what one `write(2)` has brought.
    @FunctionalInterface
    public interface Writer {
        /// Takes a text, or changes nothing.
        ///
        /// @param text what was written, without white space around it
        /// @throws FileException what `write(2)` fails with
        void write(String text) throws FileException;
    }

    private final Supplier<String> reader;
    private final @Nullable Writer writer;

    /// The text as it was when its start was read. Guarded by this. It is made again if memory ran short
    /// in between, so that clients that keep many files open can't use it up.
    private SoftReference<byte @Nullable []> text = new SoftReference<>(null);

    /// Makes a file that can only be read.
    ///
    /// @param reader makes the text; called by several threads
    public TextFile(Supplier<String> reader) {
        this(reader, null);
    }

    /// Makes a file that can be read and written.
    ///
    /// @param reader makes the text; called by several threads
    /// @param writer takes what is written; called by several threads
    public TextFile(Supplier<String> reader, @Nullable Writer writer) {
        this.reader = reader;
        this.writer = writer;
    }

    @Override
    public synchronized ByteBuffer read(long offset, int size, boolean wait) {
        byte[] bytes = text.get();
        if (bytes == null || offset == 0) {
            bytes = reader.get().getBytes(StandardCharsets.UTF_8);
            text = new SoftReference<>(bytes);
        }
        int from = (int) Math.min(offset, bytes.length);
        return ByteBuffer.wrap(bytes, from, Math.min(size, bytes.length - from));
    }

    @Override
    public void write(ByteBuffer data) throws FileException {
        if (writer == null) {
            throw new FileException(Errno.EINVAL, "it can't be written");
        }
        writer.write(StandardCharsets.UTF_8.decode(data).toString().strip());
    }
}
