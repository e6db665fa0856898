// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.shell.control;

import org.jspecify.annotations.Nullable;
import org.taskwatch.control.Frame;

import java.io.Closeable;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SocketChannel;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;

/// The connection of one client: frames in both directions.
///
/// Frames are written by a thread of the connection's own. A thread that runs a command must not
/// write to the socket itself, because commands are interrupted, and an interrupt closes the channel
/// that the thread is writing to. It waits for room in the outbox instead: so a client that does not
/// read slows down its own command and nothing else.
final class Connection implements Closeable {
    private static final System.Logger LOG = System.getLogger(Connection.class.getName());

    /// Of 32 KiB at most, see [FrameOutputStream].
    private static final int OUTBOX_FRAMES = 4;

    private static final long CLOSED_CHECK_MILLIS = 200;

    private final SocketChannel channel;
    private final DataInputStream in;

    /// Filled by the threads of the session, emptied by the writer.
    private final BlockingQueue<Frame> outbox = new ArrayBlockingQueue<>(OUTBOX_FRAMES);

    private final Thread writer;

    /// Begins to write frames.
    ///
    /// @param channel the accepted channel, blocking; closed with this connection
    /// @param name the name of the client, for the names of threads
    Connection(SocketChannel channel, String name) {
        this.channel = channel;
        this.in = new DataInputStream(Channels.newInputStream(channel));
        this.writer = Thread.ofVirtual().name(name + "-writer").start(this::writeFrames);
    }

    /// {@return the next frame from the client, null if it has closed the connection}
    ///
    /// @throws IOException if reading fails or makes no sense
    @Nullable Frame read() throws IOException {
        return Frame.read(in);
    }

    /// Sends a frame; waits while the client does not read.
    ///
    /// @param frame the frame
    /// @throws ClosedChannelException if the connection is closed
    /// @throws InterruptedIOException if the thread is interrupted; it stays so
    void send(Frame frame) throws IOException {
        try {
            // A writer that has failed takes nothing more: so look again from time to time.
            do {
                if (!channel.isOpen()) {
                    throw new ClosedChannelException();
                }
            } while (!outbox.offer(frame, CLOSED_CHECK_MILLIS, TimeUnit.MILLISECONDS));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while waiting for the client to read");
        }
    }

    @Override
    public void close() {
        writer.interrupt();
        try {
            channel.close();
        } catch (IOException e) {
            LOG.log(Level.DEBUG, "closing the connection of a client", e);
        }
    }

    /// Writes until the exit status is written, then closes.
    private void writeFrames() {
        try (channel) {
            Frame frame;
            do {
                frame = outbox.take();
                ByteBuffer bytes = frame.encode();
                while (bytes.hasRemaining()) {
                    channel.write(bytes);
                }
            } while (frame.type() != Frame.EXIT);
        } catch (InterruptedException | IOException e) {
            LOG.log(Level.DEBUG, "the client is gone", e);
        }
    }
}
