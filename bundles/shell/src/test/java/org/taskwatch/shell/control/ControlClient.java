// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.shell.control;

import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.SocketException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/// The other end of the control socket, as the README describes it: written without the codec of the
/// server, so that the two check each other.
public final class ControlClient implements Closeable {
    private final SocketChannel channel;
    private final DataInputStream in;
    private final StringBuilder unread = new StringBuilder();

    /// Connects.
    ///
    /// @param socket the path of the socket
    /// @throws IOException if that fails
    public ControlClient(Path socket) throws IOException {
        channel = SocketChannel.open(StandardProtocolFamily.UNIX);
        channel.connect(UnixDomainSocketAddress.of(socket));
        in = new DataInputStream(Channels.newInputStream(channel));
    }

    /// What a command has answered.
    ///
    /// @param out its output
    /// @param err its error output
    /// @param status its exit status
    public record Answer(String out, String err, int status) {}

    /// {@return the answer to a command line}
    ///
    /// @param socket the path of the socket
    /// @param line the command line
    /// @throws IOException if the connection ends before the answer does
    public static Answer execute(Path socket, String line) throws IOException {
        try (ControlClient client = new ControlClient(socket)) {
            client.send('E', line);
            return client.answer();
        }
    }

    /// Sends a frame.
    ///
    /// @param type its type
    /// @param payload its payload
    /// @throws IOException if that fails
    public void send(char type, String payload) throws IOException {
        byte[] bytes = payload.getBytes(StandardCharsets.UTF_8);
        write(
                ByteBuffer.allocate(5 + bytes.length)
                        .put((byte) type)
                        .putInt(bytes.length)
                        .put(bytes)
                        .flip());
    }

    /// Sends bytes that need not be a frame.
    ///
    /// @param bytes the bytes
    /// @throws IOException if that fails
    public void write(ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
    }

    /// {@return all the server sends, up to the exit status}
    ///
    /// @throws IOException if the connection ends before
    public Answer answer() throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        while (true) {
            int type = in.readByte();
            byte[] payload = in.readNBytes(in.readInt());
            switch (type) {
                case 'O' -> out.writeBytes(payload);
                case 'R' -> err.writeBytes(payload);
                case 'X' -> {
                    return new Answer(
                            out.toString(StandardCharsets.UTF_8),
                            err.toString(StandardCharsets.UTF_8),
                            ByteBuffer.wrap(payload).getInt());
                }
                default -> throw new IOException("unknown frame " + type);
            }
        }
    }

    /// {@return the output up to and including a text; what follows is left for the next call}
    ///
    /// @param expected the text
    /// @throws IOException if the connection ends before
    public String outputUntil(String expected) throws IOException {
        int found = unread.indexOf(expected);
        while (found < 0) {
            int type = in.readByte();
            String payload = new String(in.readNBytes(in.readInt()), StandardCharsets.UTF_8);
            if (type == 'X') {
                throw new IOException("ended before \"" + expected + "\": " + unread);
            }
            int searched = Math.max(0, unread.length() - expected.length());
            unread.append(payload);
            found = unread.indexOf(expected, searched);
        }
        String output = unread.substring(0, found + expected.length());
        unread.delete(0, output.length());
        return output;
    }

    /// {@return whether the server closes the connection without sending anything}
    ///
    /// @throws IOException if reading fails
    public boolean isClosedByServer() throws IOException {
        try {
            return in.read() < 0;
        } catch (SocketException e) {
            // It had not read all that was sent to it.
            return true;
        }
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
