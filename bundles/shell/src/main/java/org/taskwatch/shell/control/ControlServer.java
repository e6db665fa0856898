// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.shell.control;

import org.apache.felix.service.command.CommandProcessor;
import org.apache.felix.service.threadio.ThreadIO;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleEvent;
import org.osgi.framework.Constants;
import org.osgi.framework.SynchronousBundleListener;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.taskwatch.api.spi.Uncaught;
import org.taskwatch.control.Frame;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/// Listens on the control socket, `<base>/run/control`, and serves its clients.
@Component(service = ControlServer.class, immediate = true)
public final class ControlServer {
    private static final System.Logger LOG = System.getLogger(ControlServer.class.getName());

    /// `sun_path` of `unix(7)` has 108 bytes, the last one is zero.
    private static final int MAX_PATH_BYTES = 107;

    /// How long stopping waits for all sessions together, once they are interrupted.
    private static final Duration STOP_TIMEOUT = Duration.ofSeconds(1);

    /// How long accepting pauses after it has failed.
    private static final Duration RETRY_PAUSE = Duration.ofSeconds(1);

    /// The most clients at a time. Each may hold a frame of 1 MiB, and 128 KiB of output.
    static final int MOST_CLIENTS = 64;

    /// How long stopping waits for all clients together to take note of it.
    private static final Duration TOLD_TIMEOUT = Duration.ofMillis(300);

    private final BundleContext context;
    private final Path socket;
    private final Sessions sessions;
    private final Availability availability;
    private final ServerSocketChannel server;

    /// Clients being served. Added by the acceptor, removed by each client's thread.
    private final Set<Client> clients = ConcurrentHashMap.newKeySet();

    /// Ends all sessions when the framework begins to stop: before any command goes.
    private final SynchronousBundleListener onStopping =
            event -> {
                if (event.getType() == BundleEvent.STOPPING
                        && event.getBundle().getBundleId() == Constants.SYSTEM_BUNDLE_ID) {
                    tellStopping();
                }
            };

    /// Begins to listen.
    ///
    /// @param context knows the base directory, the framework property `taskwatch.base`
    /// @param processor executes commands
    /// @param threadIo gives each session its own standard streams
    /// @param completions completes arguments in interactive sessions
    /// @throws IOException if the socket can't be made
    @Activate
    public ControlServer(
            BundleContext context,
            @Reference CommandProcessor processor,
            @Reference ThreadIO threadIo,
            @Reference Completions completions)
            throws IOException {
        this.context = context;
        Path base = base(context);
        availability = new Availability(context, base);
        socket = base.resolve("run").resolve("control");
        sessions = new Sessions(processor, threadIo, completions, base);
        server = listen(socket);
        context.addBundleListener(onStopping);
        Thread.ofVirtual().name("taskwatch-control").start(this::accept);
    }

    /// Ends all sessions and removes the socket.
    ///
    /// @throws IOException if the socket can't be removed
    @Deactivate
    public void stop() throws IOException {
        context.removeBundleListener(onStopping);
        server.close();
        clients.forEach(Client::close);
        awaitClients();
        Files.deleteIfExists(socket);
    }

    private void tellStopping() {
        List<Client> served = List.copyOf(clients);
        CountDownLatch told = new CountDownLatch(served.size());
        for (Client client : served) {
            Thread.ofVirtual()
                    .name(client + "-end")
                    .start(() -> {
                        client.end(availability.stopping());
                        told.countDown();
                    });
        }
        try {
            told.await(TOLD_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void awaitClients() {
        long deadline = System.nanoTime() + STOP_TIMEOUT.toNanos();
        try {
            for (Client client : clients) {
                if (!client.join(Duration.ofNanos(deadline - System.nanoTime()))) {
                    LOG.log(Level.WARNING, client + " did not end within " + STOP_TIMEOUT);
                }
            }
        } catch (InterruptedException e) {
            // Stopped by a command of one of these clients, whose threads are interrupted.
            Thread.currentThread().interrupt();
        }
    }

    private void accept() {
        for (int number = 1; server.isOpen(); number++) {
            try {
                serve(server.accept(), "taskwatch-client-" + number);
            } catch (IOException e) {
                if (server.isOpen()) {
                    LOG.log(Level.ERROR, "accepting a client on " + socket + " failed", e);
                    // As after EMFILE: the client still waits, and accepting it fails at once
                    // again.
                    LockSupport.parkNanos(RETRY_PAUSE.toNanos());
                }
            } catch (RuntimeException | Error e) {
                Uncaught.handle(e); // nobody else would accept clients
            }
        }
    }

    private void serve(SocketChannel channel, String name) throws IOException {
        if (clients.size() >= MOST_CLIENTS) {
            refuse(channel);
            return;
        }
        Client client = client(channel, name);
        clients.add(client);
        try {
            client.start(() -> clients.remove(client));
        } catch (RuntimeException | Error e) {
            clients.remove(client);
            client.close();
            throw e;
        }
        if (!server.isOpen()) {
            // Stopping may have looked at the clients before this one was among them.
            client.close();
        }
    }

    /// It has a thread, which the system may not give: the peer must not wait for an answer then.
    private Client client(SocketChannel channel, String name) throws IOException {
        try {
            return new Client(channel, sessions, availability, name);
        } catch (RuntimeException | Error e) {
            channel.close();
            throw e;
        }
    }

    /// Tells a client that it is one too many. That fits into the buffer of a new connection, so it
    /// does not wait for the client.
    private static void refuse(SocketChannel channel) throws IOException {
        String why =
                "taskwatch: %d clients are connected, as many as may be: end some\n"
                        .formatted(MOST_CLIENTS);
        try (channel) {
            channel.write(Frame.of(Frame.ERROR, why).encode());
            channel.write(Frame.exit(1).encode());
        }
    }

    /// {@return the base directory}
    ///
    /// @param context knows the framework's properties
    /// @throws IllegalStateException if there is none
    static Path base(BundleContext context) {
        String base = context.getProperty("taskwatch.base");
        if (base == null) {
            throw new IllegalStateException(
                    "opening the control socket: the framework property taskwatch.base, the base"
                            + " directory, is not set");
        }
        return Path.of(base).toAbsolutePath();
    }

    /// {@return a channel that listens on a socket}
    ///
    /// @param socket the path of the socket
    /// @throws IOException if it can't; the message says what to do
    static ServerSocketChannel listen(Path socket) throws IOException {
        int length = socket.toString().getBytes(StandardCharsets.UTF_8).length;
        if (length > MAX_PATH_BYTES) {
            throw new IOException(
                    "opening the control socket "
                            + socket
                            + ": the path has "
                            + length
                            + " bytes, the system allows "
                            + MAX_PATH_BYTES
                            + "; choose a shorter base directory");
        }
        Path run = Objects.requireNonNull(socket.getParent());
        if (Files.notExists(run)) {
            Files.createDirectories(
                    run,
                    PosixFilePermissions.asFileAttribute(
                            PosixFilePermissions.fromString("rwx------")));
        }
        // Left by an instance that was killed; the launcher lets only one run on a base.
        Files.deleteIfExists(socket);
        ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        try {
            server.bind(UnixDomainSocketAddress.of(socket));
            Files.setPosixFilePermissions(socket, PosixFilePermissions.fromString("rw-------"));
            return server;
        } catch (IOException e) {
            server.close();
            throw new IOException(
                    "opening the control socket " + socket + ": " + e.getMessage(), e);
        }
    }
}
