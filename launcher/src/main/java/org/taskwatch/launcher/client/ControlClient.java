// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.launcher.client;

import org.taskwatch.launcher.base.Base;
import org.taskwatch.launcher.base.InstanceLock;
import org.taskwatch.launcher.command.Arguments;
import org.taskwatch.launcher.failure.Failure;
import org.taskwatch.launcher.process.StandardStreams;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;
import java.util.function.Supplier;

/// One session with a running instance over its control socket. The protocol is written down in
/// the README of the bundle `shell`; a frame is
///
/// ```
/// u8 type | i32 length, big endian | payload
/// ```
///
/// One thread reads ([#receive]), any threads send. Closing it ends the session.
public final class ControlClient implements AutoCloseable {
    /// Before the first frame: the name by which the user calls the command; errors speak of it.
    static final byte NAME = 'N';

    /// First frame: run one command line of Gogo.
    static final byte EXECUTE = 'E';

    /// First frame: an interactive shell, or a command on the terminal; "TERM COLUMNS LINES" and,
    /// after a space, the command.
    static final byte INTERACTIVE = 'I';

    /// Bytes of the standard input.
    static final byte DATA = 'D';

    /// The size of the window has changed: "COLUMNS LINES".
    static final byte WINDOW = 'W';

    private static final byte OUTPUT = 'O';
    private static final byte ERROR = 'R';
    private static final byte EXIT = 'X';
    private static final int HEADER = Byte.BYTES + Integer.BYTES;

    /// The longest payload of a frame.
    private static final int MAX_FRAME = 1 << 20;

    private final SocketChannel channel;
    private final DataInputStream input;

    /// What to say if the session ends before the instance has answered anything.
    private final Supplier<Failure> unanswered;

    /// Written by the thread that receives.
    private volatile boolean isAnswered;

    private ControlClient(SocketChannel channel, Supplier<Failure> unanswered) {
        this.channel = channel;
        this.unanswered = unanswered;
        this.input =
                new DataInputStream(
                        new BufferedInputStream(Channels.newInputStream(channel), 1 << 16));
    }

    /// Connects to the instance on a base. Not to be called by that instance itself: see [InstanceLock].
    ///
    /// @param base the base of the instance
    /// @return the session, to be closed
    /// @throws Failure if none runs there or answers, or it may not be asked
    public static ControlClient connect(Base base) {
        return connect(base, () -> unanswered(base));
    }

    private static Failure unanswered(Base base) {
        OptionalLong holder = InstanceLock.likelyHolder(base);
        return holder.isEmpty()
                ? none(base)
                : new Failure(
                        Failure.NO_INSTANCE,
                        InstanceLock.state(base).told(base, holder.getAsLong()));
    }

    /// Connects to the instance on a base, from that instance or another process.
    ///
    /// @param base the base of the instance
    /// @return the session, to be closed
    /// @throws Failure if none listens there, or it may not be asked
    public static ControlClient connectFromInside(Base base) {
        return connect(base, () -> none(base));
    }

    private static ControlClient connect(Base base, Supplier<Failure> unanswered) {
        if (Files.isDirectory(base.run()) && !Files.isExecutable(base.run())) {
            throw new Failure(
                    "%s: permission denied; the instance is another user's".formatted(base.run()));
        }
        if (Files.notExists(base.control())) {
            throw unanswered.get();
        }
        try {
            return new ControlClient(connected(base.control()), unanswered);
        } catch (ConnectException e) {
            throw unanswered.get(); // the socket of one that has been killed: nobody listens
        } catch (IOException e) {
            if (Files.notExists(base.control())) {
                throw unanswered.get(); // removed just now
            }
            throw new Failure(
                    "cannot connect to %s: %s".formatted(base.control(), Failure.reason(e)));
        }
    }

    private static Failure none(Base base) {
        return new Failure(
                Failure.NO_INSTANCE,
                "no instance runs on %s; start one by: %s"
                        .formatted(base.directory(), base.runCommand()));
    }

    private static SocketChannel connected(Path socket) throws IOException {
        SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
        try {
            channel.connect(UnixDomainSocketAddress.of(socket));
            return channel;
        } catch (IOException e) {
            channel.close();
            throw e;
        }
    }

    /// Connects, and runs one command line with the standard streams of this process.
    ///
    /// @return its exit status
    /// @throws Failure as [#connect] and [#receive]
    static int execute(Base base, String command) {
        try (ControlClient client = connect(base)) {
            return client.execute(command, StandardStreams.output(), StandardStreams.error());
        }
    }

    /// As [#execute(Base, String)], for a command that has a name of its own here.
    ///
    /// @param arguments know that name: errors speak of it
    static int execute(Arguments arguments, String command) {
        try (ControlClient client = connect(arguments.base())) {
            client.name(arguments.command());
            return client.execute(command, StandardStreams.output(), StandardStreams.error());
        }
    }

    /// Tells by which name the user calls the command that is run next.
    void name(String name) {
        send(NAME, name.getBytes(StandardCharsets.UTF_8));
    }

    /// Runs one command line.
    ///
    /// @param command the command line
    /// @param out where its output goes
    /// @param err where its error output goes
    /// @return its exit status, see [#receive]
    public int execute(String command, OutputStream out, OutputStream err) {
        send(EXECUTE, command.getBytes(StandardCharsets.UTF_8));
        return receive(out, err);
    }

    /// Sends a frame.
    ///
    /// @throws Failure if the instance is gone
    synchronized void send(byte type, byte[] payload) {
        ByteBuffer frame = ByteBuffer.allocate(HEADER + payload.length);
        frame.put(type).putInt(payload.length).put(payload).flip();
        try {
            while (frame.hasRemaining()) {
                channel.write(frame);
            }
        } catch (IOException e) {
            throw ended(e);
        }
    }

    /// Passes on what the instance writes until the session ends.
    ///
    /// @return the exit status; 0 if the reader of the output has closed its pipe
    /// @throws Failure if the instance went away or does not keep to the protocol, or the output
    ///     cannot be written
    int receive(OutputStream out, OutputStream err) {
        while (true) {
            Frame frame = read();
            switch (frame.type) {
                case OUTPUT, ERROR -> {
                    if (!write(frame.type == OUTPUT ? out : err, frame.payload)) {
                        return 0;
                    }
                }
                case EXIT -> {
                    return ByteBuffer.wrap(frame.payload).getInt();
                }
                default -> throw new Failure("the instance sent a frame of type " + frame.type);
            }
        }
    }

    private record Frame(byte type, byte[] payload) {}

    private Frame read() {
        try {
            byte type = input.readByte();
            int length = input.readInt();
            if (length < 0 || length > MAX_FRAME) {
                throw new Failure("the instance sent a frame of " + length + " bytes");
            }
            byte[] payload = new byte[length];
            input.readFully(payload);
            isAnswered = true;
            return new Frame(type, payload);
        } catch (IOException e) {
            throw ended(e);
        }
    }

    private Failure ended(IOException e) {
        return isAnswered ? gone(e) : unanswered.get();
    }

    /// {@return whether somebody reads it}
    private static boolean write(OutputStream stream, byte[] payload) {
        try {
            stream.write(payload);
            stream.flush();
            return true;
        } catch (IOException e) {
            if ("Broken pipe".equals(e.getMessage())) { // EPIPE: as after `| head`
                return false;
            }
            throw new Failure("cannot write the output: " + Failure.reason(e));
        }
    }

    private static Failure gone(IOException e) {
        return new Failure(
                e instanceof EOFException
                        ? "the instance has ended, or has closed the session"
                        : "the session with the instance has ended: " + Failure.reason(e));
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot close the control socket", e);
        }
    }
}
