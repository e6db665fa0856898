// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.shell.control;

import org.taskwatch.control.Frame;

import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.SocketException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

/// The other end of the control socket.
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
        write(Frame.of((byte) type, payload).encode());
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

    private Frame read() throws IOException {
        Frame frame = Frame.read(in);
        if (frame == null) {
            throw new EOFException();
        }
        return frame;
    }

    /// {@return the answer to a command, as the command `taskwatch` gives it}
    ///
    /// @param socket the path of the socket
    /// @param words its name and arguments
    /// @throws IOException if the connection ends before the answer does
    public static Answer command(Path socket, String... words) throws IOException {
        try (ControlClient client = new ControlClient(socket)) {
            client.write(Frame.command(List.of(words)).encode());
            return client.answer();
        }
    }

    /// {@return all the server sends, up to the exit status}
    ///
    /// @throws IOException if the connection ends before
    public Answer answer() throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        while (true) {
            Frame frame = read();
            switch (frame.type()) {
                case Frame.OUTPUT -> out.writeBytes(frame.payload());
                case Frame.ERROR -> err.writeBytes(frame.payload());
                case Frame.EXIT -> {
                    return new Answer(
                            out.toString(StandardCharsets.UTF_8),
                            err.toString(StandardCharsets.UTF_8),
                            frame.status());
                }
                default -> throw new IOException("unknown frame " + frame.type());
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
            Frame frame = read();
            if (frame.type() == Frame.EXIT) {
                throw new IOException("ended before \"" + expected + "\": " + unread);
            }
            int searched = Math.max(0, unread.length() - expected.length());
            unread.append(frame.text());
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
