// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.shell.control;

import org.jspecify.annotations.Nullable;

import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.ProtocolException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/// One frame of the control protocol.
///
///     +--------+----------------------+-------------------+
///     | type   | length, big endian   | payload           |
///     | 1 byte | 4 bytes              | `length` bytes    |
///     +--------+----------------------+-------------------+
///
/// @param type what it is, one of the constants
/// @param payload its bytes
record Frame(byte type, byte[] payload) {
    /// To the server: the name by which the user calls the command that follows. Comes before the
    /// first frame, or not at all.
    static final byte NAME = 'N';

    /// To the server: the command line to execute. The first frame.
    static final byte EXECUTE = 'E';

    /// To the server: begins an interactive session, `TERM COLUMNS LINES`. The first frame.
    static final byte INTERACTIVE = 'I';

    /// To the server: what the user has typed.
    static final byte DATA = 'D';

    /// To the server: the size of the terminal has changed, `COLUMNS LINES`.
    static final byte WINDOW = 'W';

    /// To the client: output.
    static final byte OUTPUT = 'O';

    /// To the client: error output.
    static final byte ERROR = 'R';

    /// To the client: the exit status, 4 bytes. The last frame.
    static final byte EXIT = 'X';

    /// The longest payload. A client that announces more speaks another protocol.
    static final int MAX_PAYLOAD = 1 << 20;

    private static final int HEADER = 5;

    /// {@return the next frame, null at the end of the stream}
    ///
    /// @param in the stream
    /// @throws ProtocolException if the length makes no sense
    /// @throws IOException if reading fails, or the stream ends inside a frame
    static @Nullable Frame read(DataInputStream in) throws IOException {
        int type = in.read();
        if (type < 0) {
            return null;
        }
        int length = in.readInt();
        if (length < 0 || length > MAX_PAYLOAD) {
            throw new ProtocolException(
                    "frame of type " + type + " announces " + length + " bytes of payload");
        }
        byte[] payload = in.readNBytes(length); // makes room only for what comes
        if (payload.length < length) {
            throw new EOFException("the stream ends inside a frame of type " + type);
        }
        return new Frame((byte) type, payload);
    }

    /// {@return the frame with an exit status}
    ///
    /// @param status the status
    static Frame exit(int status) {
        return new Frame(EXIT, ByteBuffer.allocate(Integer.BYTES).putInt(status).array());
    }

    /// {@return the payload as text}
    String text() {
        return new String(payload, StandardCharsets.UTF_8);
    }

    /// {@return the bytes of the frame}
    ByteBuffer encode() {
        return ByteBuffer.allocate(HEADER + payload.length)
                .put(type)
                .putInt(payload.length)
                .put(payload)
                .flip();
    }
}
