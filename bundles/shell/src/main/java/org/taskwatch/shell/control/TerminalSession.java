// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.shell.control;

import org.apache.felix.gogo.runtime.CommandProcessorImpl;
import org.apache.felix.gogo.runtime.CommandSessionImpl;
import org.apache.felix.service.command.CommandProcessor;
import org.jline.terminal.Terminal;
import org.jspecify.annotations.Nullable;
import org.taskwatch.shell.CommandException;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channel;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;

/// The session of Gogo on a terminal.
///
/// **Interrupts.** Gogo makes a channel of each stream of a session by
/// [java.nio.channels.Channels], keeps it for all commands, and interrupts a command on
/// Ctrl-C. Such a channel is closed for good when the thread that uses it is interrupted:
/// every later command of the session would print nothing. So the channels made here are ones
/// that nothing closes.
///
/// **Errors.** The shell of Gogo prints what a command throws by `toString`: so exceptions are
/// translated before they leave this session.
final class TerminalSession extends CommandSessionImpl {
    /// Makes a session, which executes nothing yet.
    ///
    /// @param processor executes its commands; that of Gogo itself
    /// @param terminal its terminal
    TerminalSession(CommandProcessor processor, Terminal terminal) {
        super(
                (CommandProcessorImpl) processor,
                terminal.input(),
                terminal.output(),
                terminal.output());
        Output output = new Output(terminal.output());
        channels = new Channel[] {new Input(terminal.input()), output, output};
    }

    /// Executes a command line.
    ///
    /// @param line the command line
    /// @return its result
    /// @throws CommandException if it fails, however it does
    @Override
    public @Nullable Object execute(CharSequence line) throws CommandException {
        try {
            return super.execute(line);
        } catch (Exception e) {
            throw Failure.of(this, e);
        }
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
