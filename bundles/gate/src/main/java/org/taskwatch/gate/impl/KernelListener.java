// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.gate.impl;

import org.jspecify.annotations.Nullable;
import org.taskwatch.linux.LinuxException;
import org.taskwatch.linux.SeccompListener;
import org.taskwatch.linux.SeccompListener.Notification;
import org.taskwatch.linux.Wakeup;

/// The listener that a command has sent.
///
/// @param listener what it has sent
/// @param stop ends the wait when the server stops
record KernelListener(SeccompListener listener, Wakeup stop) implements Listener {
    @Override
    public int await() throws LinuxException {
        return listener.await(stop, -1);
    }

    @Override
    public @Nullable Notification receive() throws LinuxException {
        return listener.receive();
    }

    @Override
    public boolean proceed(long id) throws LinuxException {
        return listener.proceed(id);
    }

    @Override
    public boolean refuse(long id, int errno) throws LinuxException {
        return listener.refuse(id, errno);
    }

    @Override
    public void close() {
        listener.close();
    }
}
