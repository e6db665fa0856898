// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.shell.control;

import org.jspecify.annotations.Nullable;
import org.taskwatch.api.spi.Uncaught;
import org.taskwatch.control.Frame;

import java.io.Closeable;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/// A client of the control socket. One thread reads its frames, so that the end of the connection
/// is noticed at once; another one, the runner, runs its session.
final class Client implements Closeable {
    private static final System.Logger LOG = System.getLogger(Client.class.getName());

    /// How long a client may take to say what it wants.
    private static final Duration FIRST_FRAME = Duration.ofSeconds(10);

    private final Connection connection;
    private final Sessions sessions;
    private final Availability availability;
    private final String name;

    /// Open until both threads have ended.
    private final CountDownLatch ended = new CountDownLatch(1);

    /// Makes a client.
    ///
    /// @param channel its connection; closed with the client
    /// @param sessions makes its session
    /// @param availability says whether it is served
    /// @param name the name of its threads
    Client(SocketChannel channel, Sessions sessions, Availability availability, String name) {
        this.connection = new Connection(channel, name);
        this.sessions = sessions;
        this.availability = availability;
        this.name = name;
    }

    /// Begins to serve the client, until it closes the connection or its session has ended.
    ///
    /// @param onEnd called when it has ended
    void start(Runnable onEnd) {
        Thread.ofVirtual()
                .name(name + "-reader")
                .start(() -> {
                    try {
                        serve();
                    } finally {
                        onEnd.run();
                        ended.countDown();
                    }
                });
    }

    /// Ends the session, and tells the client why. Waits while the client does not read.
    ///
    /// @param reason a line
    void end(String reason) {
        RefusedSession.tell(connection, reason);
        try {
            connection.send(Frame.exit(RefusedSession.UNAVAILABLE));
            ended.await();
        } catch (IOException | InterruptedException e) {
            LOG.log(Level.DEBUG, () -> name + ": the client could not be told", e);
        }
    }

    /// Closes the connection, as if the client had done it.
    @Override
    public void close() {
        connection.close();
    }

    /// Waits until the client has ended.
    ///
    /// @param timeout how long
    /// @return whether it has
    /// @throws InterruptedException if the thread is interrupted
    boolean join(Duration timeout) throws InterruptedException {
        return ended.await(timeout.toNanos(), TimeUnit.NANOSECONDS);
    }

    @Override
    public String toString() {
        return name;
    }

    private void serve() {
        try (connection) {
            Request request = readFirst();
            if (request != null) {
                String refusal = availability.refusal();
                serve(
                        refusal == null
                                ? sessions.open(request.style(), request.first(), connection)
                                : new RefusedSession(connection, refusal));
            }
        } catch (IOException | IllegalStateException e) {
            // One side has closed the connection, the client speaks another protocol, or Gogo is
            // being stopped.
            LOG.log(Level.DEBUG, () -> name + ": the connection ended", e);
        }
    }

    /// A client that says nothing must not keep the place of another.
    private @Nullable Request readFirst() throws IOException {
        Thread guard =
                Thread.ofVirtual()
                        .name(name + "-guard")
                        .start(() -> {
                            try {
                                Thread.sleep(FIRST_FRAME);
                                connection.close();
                            } catch (InterruptedException _) {
                                // the frame has come
                            }
                        });
        try {
            return Request.read(connection);
        } finally {
            guard.interrupt();
        }
    }

    private void serve(Session session) throws IOException {
        Thread runner = Thread.ofPlatform().daemon().name(name).unstarted(() -> run(session));
        try {
            runner.start();
            Frame frame = connection.read();
            while (frame != null) {
                session.receive(frame);
                frame = connection.read();
            }
        } finally {
            session.close();
            runner.interrupt();
            join(runner);
        }
    }

    private void run(Session session) {
        try {
            connection.send(Frame.exit(status(session)));
        } catch (IOException e) {
            LOG.log(Level.DEBUG, () -> name + ": the client is gone", e);
        }
    }

    /// Whatever the session throws, the client is told that it has ended.
    private int status(Session session) throws IOException {
        try {
            return session.run();
        } catch (RuntimeException | Error e) {
            Uncaught.handle(e);
            String why = "taskwatch: the command has failed: " + e + "\n";
            connection.send(Frame.of(Frame.ERROR, why));
            return 1;
        }
    }

    private static void join(Thread runner) {
        try {
            runner.join();
        } catch (InterruptedException e) {
            throw new AssertionError("nobody interrupts the thread that reads from a client", e);
        }
    }
}
