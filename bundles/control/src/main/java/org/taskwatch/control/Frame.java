// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.control;

import org.jspecify.annotations.Nullable;

import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.ProtocolException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;

/// One frame of the protocol of the control socket. The README of this bundle says which frames
/// make a session.
///
///     +--------+----------------------+-------------------+
///     | type   | length, big endian   | payload           |
///     | 1 byte | 4 bytes              | `length` bytes    |
///     +--------+----------------------+-------------------+
///
/// @param type what it is, one of the constants
/// @param payload its bytes; not copied
public record Frame(byte type, byte[] payload) {
    /// To the instance: the command to execute and its arguments, see [#command]. The first frame.
    public static final byte COMMAND = 'C';

    /// To the instance: a line of the shell to execute. The first frame.
    public static final byte EXECUTE = 'E';

    /// To the instance: begins an interactive session, `TERM COLUMNS LINES`, and after a space a line
    /// to execute there. The first frame.
    public static final byte INTERACTIVE = 'I';

    /// To the instance: the output goes to a terminal, and how it is shown there, see [Style#text]. Before
    /// the first frame, and again whenever that has changed.
    public static final byte STYLE = 'S';

    /// To the instance: what the user has typed.
    public static final byte DATA = 'D';

    /// To the instance: the size of the terminal has changed, `COLUMNS LINES`.
    public static final byte WINDOW = 'W';

    /// To the client: output.
    public static final byte OUTPUT = 'O';

    /// To the client: error output.
    public static final byte ERROR = 'R';

    /// To the client: the exit status, 4 bytes. The last frame.
    public static final byte EXIT = 'X';

    /// The longest payload in bytes. A peer that announces more speaks another protocol.
    public static final int MAX_PAYLOAD = 1 << 20;

    private static final int HEADER = Byte.BYTES + Integer.BYTES;
    private static final String END = "\0";

    /// {@return the next frame, null at the end of the stream}
    ///
    /// @param in the stream
    /// @throws ProtocolException if the length makes no sense
    /// @throws IOException if reading fails, or the stream ends inside a frame
    public static @Nullable Frame read(DataInputStream in) throws IOException {
        int type = in.read();
        if (type < 0) {
            return null;
        }
        int length = in.readInt();
        if (length < 0 || length > MAX_PAYLOAD) {
            throw new ProtocolException("frame of " + length + " bytes, of type " + type);
        }
        byte[] payload = in.readNBytes(length); // makes room only for what comes
        if (payload.length < length) {
            throw new EOFException("the stream ends inside a frame of type " + type);
        }
        return new Frame((byte) type, payload);
    }

    /// {@return a frame with a text}
    ///
    /// @param type what it is
    /// @param text its payload
    public static Frame of(byte type, String text) {
        return new Frame(type, text.getBytes(StandardCharsets.UTF_8));
    }

    /// {@return the frame with a command: each word, in UTF-8, ends with a zero byte}
    ///
    /// @param words the name of the command as the user knows it, then its arguments; no word has a
    ///     zero byte, as no argument of a process has
    public static Frame command(List<String> words) {
        return of(COMMAND, String.join(END, words) + END);
    }

    /// {@return the frame with an exit status}
    ///
    /// @param status the status
    public static Frame exit(int status) {
        return new Frame(EXIT, ByteBuffer.allocate(Integer.BYTES).putInt(status).array());
    }

    /// {@return the payload as text}
    public String text() {
        return new String(payload, StandardCharsets.UTF_8);
    }

    /// {@return the words of a [#COMMAND], at least one}
    ///
    /// @throws ProtocolException if the last one has no end
    public List<String> words() throws ProtocolException {
        String text = text();
        if (!text.endsWith(END)) {
            throw new ProtocolException("the last word of a command has no end");
        }
        return List.of(text.substring(0, text.length() - 1).split(END, -1));
    }

    /// {@return the exit status in an [#EXIT]}
    ///
    /// @throws ProtocolException if it is none
    public int status() throws ProtocolException {
        if (payload.length != Integer.BYTES) {
            throw new ProtocolException("an exit status of " + payload.length + " bytes");
        }
        return ByteBuffer.wrap(payload).getInt();
    }

    /// {@return the bytes of the frame}
    public ByteBuffer encode() {
        return ByteBuffer.allocate(HEADER + payload.length)
                .put(type)
                .putInt(payload.length)
                .put(payload)
                .flip();
    }
}
