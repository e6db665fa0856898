// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.launcher.client;

import org.taskwatch.control.Frame;
import org.taskwatch.control.Style;
import org.taskwatch.launcher.base.Base;
import org.taskwatch.launcher.base.InstanceLock;
import org.taskwatch.launcher.failure.Failure;
import org.taskwatch.launcher.process.StandardStreams;
import org.taskwatch.launcher.process.TerminalOutput;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.ConnectException;
import java.net.ProtocolException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.Supplier;

/// One session with a running instance over its control socket. The protocol is written down in
/// the README of the bundle `control`.
///
/// One thread reads ([#receive]), any threads send. Closing it ends the session.
public final class ControlClient implements AutoCloseable {
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
            throw base.denied();
        }
        if (Files.notExists(base.control())) {
            throw unanswered.get();
        }
        try {
            return new ControlClient(connected(base.control()), unanswered);
        } catch (ConnectException e) {
            throw unanswered.get(); // the socket of one that has been killed: nobody listens
        } catch (BindException e) { // EACCES, as the JDK has it
            throw base.denied();
        } catch (IOException e) {
            if (Files.notExists(base.control())) {
                throw unanswered.get(); // removed just now
            }
            throw new Failure(
                    "cannot connect to %s: %s".formatted(base.control(), Failure.reason(e)));
        }
    }

    /// {@return what to tell one who needs an instance, where none runs}
    static Failure none(Base base) {
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

    /// Connects, and runs one line of the shell with the standard streams of this process.
    ///
    /// @return its exit status
    /// @throws Failure as [#connect] and [#receive]
    static int execute(Base base, String line) {
        try (ControlClient client = connect(base);
                Window _ = new Window(client, TerminalOutput.STANDARD)) {
            return client.execute(line, StandardStreams.output(), StandardStreams.error());
        }
    }

    /// Runs one line of the shell.
    ///
    /// @return its exit status, see [#receive]
    int execute(String line, OutputStream out, OutputStream err) {
        send(Frame.of(Frame.EXECUTE, line));
        return receive(out, err);
    }

    /// Runs a command.
    ///
    /// @param words its name and arguments
    /// @param out where its output goes
    /// @param err where its error output goes
    /// @return its exit status; 0 if the reader of the output has closed its pipe
    /// @throws Failure if the instance went away or does not keep to the protocol, or the output
    ///     cannot be written
    public int execute(List<String> words, OutputStream out, OutputStream err) {
        send(Frame.command(words));
        return receive(out, err);
    }

    /// Tells how the output is shown; nothing if it is plain, as that need not be told.
    ///
    /// @throws Failure if the instance is gone
    void show(Style style) {
        if (!style.equals(Style.PLAIN)) {
            send(Frame.of(Frame.STYLE, style.text()));
        }
    }

    /// Sends a frame.
    ///
    /// @throws Failure if the instance is gone
    synchronized void send(Frame frame) {
        ByteBuffer bytes = frame.encode();
        try {
            while (bytes.hasRemaining()) {
                channel.write(bytes);
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
            switch (frame.type()) {
                case Frame.OUTPUT, Frame.ERROR -> {
                    if (!write(frame.type() == Frame.OUTPUT ? out : err, frame.payload())) {
                        return 0;
                    }
                }
                case Frame.EXIT -> {
                    return status(frame);
                }
                default -> throw new Failure("the instance sent a frame of type " + frame.type());
            }
        }
    }

    private static int status(Frame exit) {
        try {
            return exit.status();
        } catch (ProtocolException e) {
            throw new Failure("the instance sent " + e.getMessage());
        }
    }

    private Frame read() {
        try {
            Frame frame = Frame.read(input);
            if (frame == null) {
                throw new EOFException();
            }
            isAnswered = true;
            return frame;
        } catch (ProtocolException e) {
            throw new Failure("the instance sent a " + e.getMessage());
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
