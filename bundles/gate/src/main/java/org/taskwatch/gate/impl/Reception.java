// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.gate.impl;

import org.jspecify.annotations.Nullable;
import org.taskwatch.api.spi.Uncaught;
import org.taskwatch.control.GateRequest;
import org.taskwatch.linux.LinuxException;
import org.taskwatch.linux.ReceivedFile;
import org.taskwatch.linux.SeccompListener;
import org.taskwatch.linux.UnixSocket;
import org.taskwatch.linux.UnixSocket.Packet;
import org.taskwatch.linux.UnixSocket.Peer;
import org.taskwatch.linux.Wakeup;

import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.LockSupport;

/// Accepts those who want to be gated, and takes their requests. Each has a thread of its own meanwhile: one may send
/// nothing, or a file whose close waits for ever, as that of a FUSE file system does that does not answer.
final class Reception {
    /// How many may be there at a time that have no answer yet: of one user, and of all but root.
    static final int MOST_OF_USER = 16;

    static final int MOST_OF_ALL = 64;

    private static final System.Logger LOG = System.getLogger(Reception.class.getName());
    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final Duration RETRY_PAUSE = Duration.ofSeconds(1);

    private final UnixSocket socket;
    private final Wakeup stop;
    private final Executor threads;
    private final Opener opener;
    private final Quota waiting = new Quota(MOST_OF_USER, MOST_OF_ALL);

    /// Opens gates.
    @FunctionalInterface
    interface Opener {
        /// {@return why it opens none, null if it does} Then the listener is its to close.
        @Nullable String open(GateRequest request, Peer peer, SeccompListener listener);
    }

    /// Makes one.
    ///
    /// @param socket where they connect
    /// @param stop ends everything
    /// @param threads has a thread for each who is there, and for this
    /// @param opener opens the gates
    Reception(UnixSocket socket, Wakeup stop, Executor threads, Opener opener) {
        this.socket = socket;
        this.stop = stop;
        this.threads = threads;
        this.opener = opener;
    }

    /// Accepts until it is stopped.
    void run() {
        while (true) {
            try {
                UnixSocket connection = socket.accept(stop);
                if (connection == null) {
                    return;
                }
                receive(connection);
            } catch (LinuxException e) {
                LOG.log(Level.ERROR, "accepting a command to be gated failed", e);
                // As after EMFILE: who has connected still waits, and accepting fails at once
                // again.
                LockSupport.parkNanos(RETRY_PAUSE.toNanos());
            } catch (RuntimeException | Error e) {
                Uncaught.handle(e); // nobody else would accept
            }
        }
    }

    private void receive(UnixSocket connection) throws LinuxException {
        try {
            Peer peer = connection.peer();
            if (waiting.enter(peer.uid())) {
                startServing(connection, peer);
                return; // and it closes the connection
            }
            send(connection, GateRequest.ERROR + "too many commands are about to be gated");
        } catch (LinuxException | RuntimeException | Error e) {
            connection.close();
            throw e;
        }
        connection.close();
    }

    private void startServing(UnixSocket connection, Peer peer) {
        try {
            threads.execute(() -> serve(connection, peer));
        } catch (RuntimeException | Error e) {
            waiting.leave(peer.uid());
            throw e;
        }
    }

    private void serve(UnixSocket connection, Peer peer) {
        try (connection) {
            String why = admit(connection, peer);
            send(connection, why == null ? GateRequest.OK : GateRequest.ERROR + why);
        } finally {
            waiting.leave(peer.uid());
        }
    }

    /// {@return why a peer gets no gate, null if it gets one}
    private @Nullable String admit(UnixSocket connection, Peer peer) {
        try {
            Packet packet = connection.receive(stop, (int) PATIENCE.toMillis());
            if (packet == null) {
                return "no request has come within " + PATIENCE.toSeconds() + " s";
            }
            try (ReceivedFile file = packet.file()) {
                if (file == null || packet.isCut()) {
                    return "expected one packet with one descriptor";
                }
                return open(GateRequest.parse(packet.text()), peer, file);
            }
        } catch (IllegalArgumentException | LinuxException e) {
            return String.valueOf(e.getMessage());
        }
    }

    private @Nullable String open(GateRequest request, Peer peer, ReceivedFile file)
            throws LinuxException {
        SeccompListener listener = SeccompListener.of(file);
        boolean isOpen = false;
        try {
            String why = opener.open(request, peer, listener);
            isOpen = why == null;
            return why;
        } finally {
            if (!isOpen) {
                listener.close();
            }
        }
    }

    private static void send(UnixSocket connection, String answer) {
        try {
            connection.send(answer, null);
        } catch (LinuxException e) {
            LOG.log(Level.DEBUG, "a command to be gated has gone", e);
        }
    }
}
