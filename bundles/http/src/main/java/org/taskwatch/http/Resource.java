// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.http;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/// What a bundle serves, with the requests that are inside it. To enter and to be closed take the same lock for a few steps,
/// so a request either gets in first, and is waited for, or does not get in. The lock is never held while the
/// bundle is called.
final class Resource {
    private static final System.Logger LOG = System.getLogger(Resource.class.getName());

    /// How a path ends that stands for all below it.
    private static final String BELOW = "/*";

    private final String path;
    private final HttpHandler handler;

    @GuardedBy("this")
    private final Set<Thread> inside = new HashSet<>();

    @GuardedBy("this")
    private boolean isClosed;

    Resource(String path, HttpHandler handler) {
        this.path = path;
        this.handler = handler;
    }

    String path() {
        return path;
    }

    /// {@return whether it serves a path}
    boolean serves(String asked) {
        return path.endsWith(BELOW)
                ? asked.startsWith(path.substring(0, path.length() - 1))
                : asked.equals(path);
    }

    /// {@return how closely its path says one that it serves}
    int precision(String asked) {
        return path.endsWith(BELOW) ? path.length() - BELOW.length() : asked.length() + 1;
    }

    /// Has a request served.
    ///
    /// @return false if the bundle goes
    boolean serve(HttpExchange exchange) throws IOException {
        if (!enter()) {
            return false;
        }
        try {
            handler.handle(exchange);
        } finally {
            exit();
        }
        return true;
    }

    private synchronized boolean enter() {
        return !isClosed && inside.add(Thread.currentThread());
    }

    /// An interrupt was meant for what is over now.
    private synchronized void exit() {
        inside.remove(Thread.currentThread());
        Thread.interrupted();
        notifyAll();
    }

    /// Lets no request in any more, interrupts those that are inside, and waits for them; not for this very thread, which
    /// would wait for itself.
    ///
    /// @param deadline how long it waits; zero is for ever
    synchronized void close(Duration deadline) {
        isClosed = true;
        inside.remove(Thread.currentThread());
        inside.forEach(Thread::interrupt);
        long start = System.nanoTime();
        boolean isInterrupted = false;
        while (!inside.isEmpty()) {
            long left = deadline.toNanos() - (System.nanoTime() - start);
            if (deadline.isPositive() && left <= 0) {
                LOG.log(Level.ERROR, "path {0}: unloaded while inside is still {1}", path, inside);
                break;
            }
            try {
                wait(deadline.isPositive() ? TimeUnit.NANOSECONDS.toMillis(left) + 1 : 0);
            } catch (InterruptedException _) {
                isInterrupted = true;
            }
        }
        if (isInterrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
