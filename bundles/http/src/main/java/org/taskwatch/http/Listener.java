// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.http;

import com.sun.net.httpserver.HttpServer;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/// A port that is listened to. Each request has a virtual thread.
final class Listener implements AutoCloseable {
    /// So many connections can be open; the next ones are closed at once.
    static final int MOST_CONNECTIONS = 128;

    private static final int BACKLOG = 50;

    // The JDK's server has its bounds from there, and reads them when it is used first. Without the
    // second one a client could keep a connection for ever that says nothing; the unit is a second.
    static {
        System.setProperty("jdk.httpserver.maxConnections", Integer.toString(MOST_CONNECTIONS));
        System.setProperty("sun.net.httpserver.maxReqTime", "10");
    }

    private final HttpServer server;
    private final ExecutorService threads =
            Executors.newThreadPerTaskExecutor(
                    Thread.ofVirtual().name("taskwatch-http-", 0).factory());

    /// Listens.
    ///
    /// @throws IOException if that is not possible there
    Listener(InetSocketAddress address, Tokens tokens, Paths paths) throws IOException {
        server = HttpServer.create(address, BACKLOG);
        server.setExecutor(threads);
        server.createContext("/", new Front(new Access(tokens, address()), paths));
        server.start();
    }

    /// {@return where it listens}
    InetSocketAddress address() {
        return server.getAddress();
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
