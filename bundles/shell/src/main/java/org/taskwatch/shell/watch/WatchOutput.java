// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.shell.watch;

import org.jspecify.annotations.Nullable;
import org.osgi.framework.Bundle;
import org.osgi.framework.ServiceFactory;
import org.osgi.framework.ServiceRegistration;

import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/// What a watcher prints, on its way to the command that shows it. A watcher that prints faster than its reader reads
/// waits, so that its own lane fills and it is told what is lost there. Safe for all threads.
final class WatchOutput implements ServiceFactory<Consumer<String>>, Consumer<String> {
    private static final int MOST_LINES = 1024;

    private final BlockingQueue<String> lines = new ArrayBlockingQueue<>(MOST_LINES);

    /// Whether a watcher has it. Written by the component runtime, read by the command.
    private volatile boolean used;

    /// Written by the command, read by the watcher.
    private volatile boolean closed;

    @Override
    public Consumer<String> getService(
            Bundle bundle, ServiceRegistration<Consumer<String>> registration) {
        used = true;
        return this;
    }

    @Override
    public void ungetService(
            Bundle bundle,
            ServiceRegistration<Consumer<String>> registration,
            Consumer<String> service) {
        // The next revision gets the same.
    }

    /// {@return whether a watcher has ever got it}
    boolean isUsed() {
        return used;
    }

    @Override
    public void accept(String line) {
        try {
            if (!closed) {
                lines.put(line);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // it is unloaded
        }
    }

    /// {@return the next line, null if there is none in time}
    ///
    /// @param millis how long to wait
    @Nullable String next(long millis) throws InterruptedException {
        return lines.poll(millis, TimeUnit.MILLISECONDS);
    }

    /// {@return the next line if it is there, else null}
    @Nullable String next() {
        return lines.poll();
    }

    /// Throws away what is there and what comes. A watcher that waits goes on: each thread of it finds room, as there are
    /// fewer of them than lines.
    void close() {
        closed = true;
        lines.clear();
    }
}
