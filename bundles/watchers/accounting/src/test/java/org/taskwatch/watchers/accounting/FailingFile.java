// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.watchers.accounting;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Path;

/// A file on a disk that gets full, as the kernel does it: what there is room for is written, then it fails.
final class FailingFile extends AcctFile {
    /// How many bytes there is room for.
    volatile long room;

    FailingFile(Path path) {
        super(path, Long.MAX_VALUE, 1);
    }

    @Override
    SeekableByteChannel open(Path file) throws IOException {
        return new Channel(super.open(file));
    }

    private final class Channel implements SeekableByteChannel {
        private final SeekableByteChannel file;

        Channel(SeekableByteChannel file) {
            this.file = file;
        }

        @Override
        public int write(ByteBuffer bytes) throws IOException {
            if (room == 0) {
                throw new IOException("No space left on device");
            }
            int length = (int) Math.min(room, bytes.remaining());
            ByteBuffer part = bytes.slice(bytes.position(), length);
            file.write(part);
            bytes.position(bytes.position() + length);
            room -= length;
            return length;
        }

        @Override
        public SeekableByteChannel truncate(long size) throws IOException {
            file.truncate(size);
            return this;
        }

        @Override
        public SeekableByteChannel position(long position) throws IOException {
            file.position(position);
            return this;
        }

        @Override
        public long position() throws IOException {
            return file.position();
        }

        @Override
        public int read(ByteBuffer bytes) {
            throw new UnsupportedOperationException();
        }

        @Override
        public long size() throws IOException {
            return file.size();
        }

        @Override
        public boolean isOpen() {
            return file.isOpen();
        }

        @Override
        public void close() throws IOException {
            file.close();
        }
    }
}
