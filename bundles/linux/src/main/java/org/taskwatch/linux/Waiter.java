// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.linux;

import com.google.errorprone.annotations.concurrent.GuardedBy;

/// Waits for what descriptors report, until another thread ends the wait. For one thread, except for
/// [#wake].
public final class Waiter implements AutoCloseable {
    private static final long WAKEUP = Long.MIN_VALUE; // no descriptor is added with it

    private final Epoll epoll;
    private final Wakeup wakeup;
    private boolean wasWoken; // of the thread that waits

    /// It must not be woken after it was closed.
    @GuardedBy("wakeup")
    private boolean isClosed;

    /// Is told what has come.
    @FunctionalInterface
    public interface Report {
        /// Something has come.
        ///
        /// @param data what the descriptor was added with
        /// @param isHangUp whether its other end is gone
        /// @throws LinuxException if what it does fails
        void reported(long data, boolean isHangUp) throws LinuxException;
    }

    private Waiter(Epoll epoll, Wakeup wakeup) {
        this.epoll = epoll;
        this.wakeup = wakeup;
    }

    /// Opens one that waits for nothing yet.
    ///
    /// @return it
    /// @throws LinuxException EMFILE, ENFILE or ENOMEM
    public static Waiter open() throws LinuxException {
        Wakeup wakeup = Wakeup.open();
        Epoll epoll = null;
        try {
            epoll = Epoll.open();
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

    /// {@return what descriptors are added to; they are not closed with this}
    public Epoll epoll() {
        return epoll;
    }

    /// Waits.
    ///
    /// @param timeoutMillis for how long at most; -1 for ever
    /// @param report is told of each descriptor that has something
    /// @return whether anything but a wake has come
    /// @throws LinuxException if waiting fails, or what the report does
    public boolean await(int timeoutMillis, Report report) throws LinuxException {
        int ready = epoll.await(timeoutMillis);
        boolean hasCome = false;
        wasWoken = false;
        for (int i = 0; i < ready; i++) {
            if (epoll.data(i) == WAKEUP) {
                wakeup.clear();
                wasWoken = true;
            } else {
                hasCome = true;
                report.reported(epoll.data(i), epoll.isHangUp(i));
            }
        }
        return hasCome;
    }

    /// {@return whether the last wait was ended by a [#wake], whatever else has come}
    public boolean wasWoken() {
        return wasWoken;
    }

    /// Ends the present wait or the next one. Does nothing if this is closed. For any thread.
    public void wake() {
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
