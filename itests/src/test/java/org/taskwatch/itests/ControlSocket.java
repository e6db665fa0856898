// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.itests;

import java.io.DataInputStream;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/// The control socket of an instance, asked by the test itself: without the start of a JVM for each
/// command. The protocol stands in the README of the bundle `shell`.
///
/// @param path the socket
record ControlSocket(Path path) {
    private static final byte EXECUTE = 'E';
    private static final byte OUTPUT = 'O';
    private static final byte EXIT = 'X';

    /// What a command has answered.
    ///
    /// @param status its exit status
    /// @param text the first part of its output, and all of its error output
    record Answer(int status, String text) {}

    /// Has a command executed.
    ///
    /// @throws IOException if there is no answer; an interrupt ends the wait for it
    Answer ask(String command) throws IOException {
        try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            channel.connect(UnixDomainSocketAddress.of(path));
            byte[] line = command.getBytes(StandardCharsets.UTF_8);
            ByteBuffer frame = ByteBuffer.allocate(5 + line.length);
            channel.write(frame.put(EXECUTE).putInt(line.length).put(line).flip());
            return answer(new DataInputStream(Channels.newInputStream(channel)));
        }
    }

    private static Answer answer(DataInputStream in) throws IOException {
        StringBuilder text = new StringBuilder();
        while (true) {
            byte type = in.readByte();
            byte[] payload = in.readNBytes(in.readInt());
            if (type == EXIT) {
                return new Answer(ByteBuffer.wrap(payload).getInt(), text.toString());
            }
            if (type != OUTPUT || text.isEmpty()) {
                text.append(new String(payload, StandardCharsets.UTF_8));
            }
        }
    }
}
