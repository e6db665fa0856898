// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.load;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/// Gives commands to an instance by its control socket: no process is made for it, as `taskwatch shell`
/// would be. The protocol stands in the README of the bundle `shell`.
///
/// @param socket its path
record Control(Path socket) {
    private static final byte EXECUTE = 'E';
    private static final byte EXIT = 'X';

    /// Executes a command line.
    ///
    /// @return what it prints
    /// @throws IOException if it fails; the message has what it printed
    String execute(String line) throws IOException {
        byte[] payload = line.getBytes(StandardCharsets.UTF_8);
        ByteBuffer frame = ByteBuffer.allocate(Byte.BYTES + Integer.BYTES + payload.length);
        frame.put(EXECUTE).putInt(payload.length).put(payload).flip();
        try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            channel.connect(UnixDomainSocketAddress.of(socket));
            while (frame.hasRemaining()) {
                channel.write(frame);
            }
            return answer(
                    line,
                    new DataInputStream(new BufferedInputStream(Channels.newInputStream(channel))));
        }
    }

    private static String answer(String line, DataInputStream input) throws IOException {
        ByteArrayOutputStream output = new ByteArrayOutputStream();
        while (true) {
            byte type = input.readByte();
            byte[] payload = new byte[input.readInt()];
            input.readFully(payload);
            if (type != EXIT) {
                output.write(payload);
                continue;
            }
            String text = output.toString(StandardCharsets.UTF_8);
            if (ByteBuffer.wrap(payload).getInt() != 0) {
                throw new IOException(line + " failed: " + text);
            }
            return text;
        }
    }
}
