// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.source.connector;

import org.taskwatch.linux.Epoll;
import org.taskwatch.linux.LinuxException;
import org.taskwatch.linux.NetlinkSocket;
import org.taskwatch.linux.Wakeup;

/// Waits for what concerns a connection: messages, the ends of processes, and a thread that wakes it.
/// For the pump thread, except [#wake].
final class Waiter implements AutoCloseable {
    // What the epoll says of descriptors that are no pidfds: no process has such a pid.
    private static final int SOCKET = 0;
    private static final int WAKEUP = -1;

    private final Epoll epoll;
    private final Wakeup wakeup;

    /// Guarded by wakeup, which must not be woken after it was closed.
    private boolean isClosed;

    private Waiter(Epoll epoll, Wakeup wakeup) {
        this.epoll = epoll;
        this.wakeup = wakeup;
    }

    /// Opens one.
    ///
    /// @param socket brings the messages; it is not closed with this
    static Waiter open(NetlinkSocket socket) throws LinuxException {
        Wakeup wakeup = Wakeup.open();
        Epoll epoll = null;
        try {
            epoll = Epoll.open();
            epoll.add(socket, Epoll.READABLE, SOCKET);
            epoll.add(wakeup, Epoll.READABLE, WAKEUP);
            return new Waiter(epoll, wakeup);
        } catch (LinuxException e) {
            if (epoll != null) {
                epoll.close();
            }
            wakeup.close();
            throw e;
        }
    }

    /// {@return what pidfds are added to, with their pid as data}
    Epoll epoll() {
        return epoll;
    }

    /// Waits for messages alone.
    void awaitMessage(int timeoutMillis) throws LinuxException {
        epoll.await(timeoutMillis);
    }

    /// Waits, and tells a reaper of ends that are reported.
    ///
    /// @return whether anything but a wake has come
    boolean await(int timeoutMillis, Reaper reaper) throws LinuxException {
        int ready = epoll.await(timeoutMillis);
        boolean hasCome = false;
        for (int i = 0; i < ready; i++) {
            int from = (int) epoll.data(i);
            if (from == WAKEUP) {
                wakeup.clear();
                continue;
            }
            hasCome = true;
            if (from != SOCKET) {
                reaper.reported(from, epoll.isHangUp(i));
            }
        }
        return hasCome;
    }

    /// Ends the present wait or the next one. Does nothing if this is closed. For any thread.
    void wake() {
        synchronized (wakeup) {
            if (!isClosed) {
                wakeup.wake();
            }
        }
    }

    @Override
    public void close() {
        synchronized (wakeup) {
            isClosed = true;
            wakeup.close();
        }
        epoll.close();
    }
}
