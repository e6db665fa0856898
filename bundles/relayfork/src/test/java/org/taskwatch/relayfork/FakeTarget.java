// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.relayfork;

import org.taskwatch.linux.LinuxException;
import org.taskwatch.linux.Signal;

import java.util.ArrayList;
import java.util.List;

/// A process whose queue has room for some signals.
final class FakeTarget implements Target {
    private final int pid;

    // All guarded by this.
    private final List<Signal> queue = new ArrayList<>();
    private int room;
    private int errno;
    private boolean isClosed;
    private Runnable onSend = () -> {};

    FakeTarget(int pid, int room) {
        this.pid = pid;
        this.room = room;
    }

    /// Takes all signals out of its queue.
    synchronized List<String> take() {
        List<String> taken =
                queue.stream()
                        .map(s -> "%d:%d %d-%d".formatted(s.number(), s.code(), s.pid(), s.value()))
                        .toList();
        room += taken.size();
        queue.clear();
        return taken;
    }

    /// {@return the signals in its queue}
    synchronized List<Signal> queue() {
        return List.copyOf(queue);
    }

    /// Does something at the beginning of each sending from now on.
    synchronized void onSend(Runnable action) {
        onSend = action;
    }

    synchronized void makeRoom() {
        room++;
    }

    /// From now on sending fails.
    synchronized void fail(int number) {
        errno = number;
    }

    synchronized boolean isClosed() {
        return isClosed;
    }

    @Override
    public ProcessIdentity identity() {
        return new ProcessIdentity(pid, 1);
    }

    @Override
    public synchronized boolean send(Signal signal) throws LinuxException {
        onSend.run();
        if (isClosed) {
            throw new IllegalStateException("already closed");
        }
        if (errno != 0) {
            throw new LinuxException("sending", errno);
        }
        if (room == 0) {
            return false;
        }
        room--;
        queue.add(signal);
        return true;
    }

    @Override
    public synchronized boolean isEnded() {
        return errno == LinuxException.ESRCH;
    }

    @Override
    public synchronized void close() {
        isClosed = true;
    }
}
