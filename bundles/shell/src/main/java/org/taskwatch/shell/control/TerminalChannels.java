// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.shell.control;

import org.apache.felix.gogo.runtime.CommandSessionImpl;
import org.apache.felix.service.command.CommandSession;
import org.jline.terminal.Terminal;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.reflect.Field;
import java.nio.ByteBuffer;
import java.nio.channels.Channel;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;

/// The channels of a session's standard streams that outlive an interrupt.
///
/// Gogo makes a channel of each stream of a session by [java.nio.channels.Channels], keeps it for all
/// commands, and interrupts a command on Ctrl-C. Such a channel is closed for good when the thread
/// that uses it is interrupted: every later command of the session would print nothing. Gogo offers
/// no other way to give it channels, so they are put into its field.
final class TerminalChannels {
    private TerminalChannels() {}

    /// Makes a session use a terminal by channels that nothing closes.
    ///
    /// @param session a session that executes nothing yet
    /// @param terminal its terminal
    /// @throws ReflectiveOperationException if this is not the Gogo that the project is built with
    static void give(CommandSession session, Terminal terminal)
            throws ReflectiveOperationException {
        Field channels = CommandSessionImpl.class.getDeclaredField("channels");
        channels.setAccessible(true);
        Output output = new Output(terminal.output());
        channels.set(session, new Channel[] {new Input(terminal.input()), output, output});
    }

    private record Input(InputStream in) implements ReadableByteChannel {
        @Override
        public int read(ByteBuffer bytes) throws IOException {
            byte[] read = new byte[bytes.remaining()];
            int count = in.read(read);
            if (count > 0) {
                bytes.put(read, 0, count);
            }
            return count;
        }

        @Override
        public boolean isOpen() {
            return true;
        }

        @Override
        public void close() {}
    }

    private record Output(OutputStream out) implements WritableByteChannel {
        @Override
        public int write(ByteBuffer bytes) throws IOException {
            byte[] written = new byte[bytes.remaining()];
            bytes.get(written);
            out.write(written);
            return written.length;
        }

        @Override
        public boolean isOpen() {
            return true;
        }

        @Override
        public void close() {}
    }
}
