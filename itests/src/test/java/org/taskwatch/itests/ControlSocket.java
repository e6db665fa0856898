// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.itests;

import org.taskwatch.control.Frame;

import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;

/// The control socket of an instance, asked by the test itself: without the start of a JVM for each
/// command.
///
/// @param path the socket
record ControlSocket(Path path) {
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
            channel.write(Frame.of(Frame.EXECUTE, command).encode());
            return answer(new DataInputStream(Channels.newInputStream(channel)));
        }
    }

    private static Answer answer(DataInputStream in) throws IOException {
        StringBuilder text = new StringBuilder();
        while (true) {
            Frame frame = Frame.read(in);
            if (frame == null) {
                throw new EOFException();
            }
            if (frame.type() == Frame.EXIT) {
                return new Answer(frame.status(), text.toString());
            }
            if (frame.type() != Frame.OUTPUT || text.isEmpty()) {
                text.append(frame.text());
            }
        }
    }
}
