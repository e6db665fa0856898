// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.shell.control;

import com.google.errorprone.annotations.concurrent.GuardedBy;

import org.taskwatch.control.Frame;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;

/// Sends what is written to it as frames of one type. Arrays are sent at once, longer ones in several
/// frames, single bytes when it is flushed. Closing it does nothing: the connection outlives the streams of its commands.
///
/// Safe for all threads: the terminal's echo and a command's output meet here.
final class FrameOutputStream extends OutputStream {
    private static final int CHUNK = 32 * 1024;

    private final Connection connection;
    private final byte type;

    @GuardedBy("this")
    private final ByteArrayOutputStream buffer = new ByteArrayOutputStream();

    FrameOutputStream(Connection connection, byte type) {
        this.connection = connection;
        this.type = type;
    }

    @Override
    public synchronized void write(int b) throws IOException {
        buffer.write(b);
        if (buffer.size() >= CHUNK) {
            flush();
        }
    }

    @Override
    public synchronized void write(byte[] bytes, int offset, int length) throws IOException {
        int end = offset + length;
        for (int from = offset; from < end; from += CHUNK) {
            buffer.write(bytes, from, Math.min(CHUNK, end - from));
            flush();
        }
    }

    @Override
    public synchronized void flush() throws IOException {
        if (buffer.size() > 0) {
            byte[] payload = buffer.toByteArray();
            buffer.reset();
            connection.send(new Frame(type, payload));
        }
    }
}
