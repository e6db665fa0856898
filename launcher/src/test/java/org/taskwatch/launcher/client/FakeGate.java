// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.launcher.client;

import org.taskwatch.control.GateRequest;
import org.taskwatch.launcher.base.Base;
import org.taskwatch.linux.LinuxException;
import org.taskwatch.linux.SeccompListener;
import org.taskwatch.linux.SeccompListener.Notification;
import org.taskwatch.linux.UnixSocket;
import org.taskwatch.linux.Wakeup;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/// Takes gates as an instance would, one after the other, and allows every fork.
final class FakeGate implements AutoCloseable {
    private static final int DEADLINE_MS = 10_000;

    private final UnixSocket socket;
    private final Wakeup end = Wakeup.open();
    private final Path path;
    private final Thread thread;
    private final List<String> requests = new CopyOnWriteArrayList<>();
    private final AtomicInteger asked = new AtomicInteger();

    /// @param answer what each request is answered; empty to close the connection without a word
    FakeGate(Base base, String answer) throws LinuxException {
        path = GateRequest.socket(base.directory());
        socket = UnixSocket.listen(path, 0666);
        thread = Thread.ofPlatform().daemon().start(() -> serve(answer));
    }

    private void serve(String answer) {
        try {
            for (UnixSocket c = socket.accept(end); c != null; c = socket.accept(end)) {
                try (UnixSocket client = c) {
                    UnixSocket.Packet packet =
                            Objects.requireNonNull(client.receive(DEADLINE_MS), "no request");
                    if (!packet.text().isEmpty()) { // else it has gone without asking
                        requests.add(packet.text());
                        take(client, packet, answer);
                    }
                }
            }
        } catch (LinuxException e) {
            throw new AssertionError(e);
        }
    }

    private void take(UnixSocket client, UnixSocket.Packet packet, String answer)
            throws LinuxException {
        try (SeccompListener listener =
                SeccompListener.of(Objects.requireNonNull(packet.file(), "no listener"))) {
            if (!answer.isEmpty()) {
                client.send(answer, null);
            }
            while (answer.equals(GateRequest.OK) && isOpen(listener)) {}
        }
    }

    /// Allows one fork.
    ///
    /// @return whether another may come
    private boolean isOpen(SeccompListener listener) throws LinuxException {
        int what = listener.await(end, -1);
        if ((what & SeccompListener.READABLE) != 0) {
            Notification notification = listener.receive();
            if (notification != null) {
                asked.incrementAndGet();
                listener.proceed(notification.id());
            }
            return true;
        }
        return (what & (SeccompListener.HANG_UP | SeccompListener.WOKEN)) == 0;
    }

    List<String> requests() {
        return requests;
    }

    /// {@return how many forks have been asked for}
    int asked() {
        return asked.get();
    }

    @Override
    public void close() throws IOException {
        end.wake();
        try {
            thread.join(DEADLINE_MS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        socket.close();
        end.close();
        Files.delete(path);
    }
}
