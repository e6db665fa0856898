// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.linux;

/// An open file descriptor, closed once by its opener.
///
/// [#close] must not be called while another thread uses the object: the kernel could have given the
/// number to another file by then.
public abstract sealed class Descriptor implements AutoCloseable
        permits BpfObject,
                CgroupMount,
                Epoll,
                FuseDevice,
                NetlinkSocket,
                NotifySocket,
                PidFd,
                ReceivedFile,
                SeccompListener,
                UnixSocket,
                Wakeup {
    private static final int CLOSED = -1;

    private int fd; // owned by the thread that uses the object; CLOSED after close

    Descriptor(int fd) {
        this.fd = fd;
    }

    final int fd() {
        if (fd == CLOSED) {
            throw new IllegalStateException("already closed: " + getClass().getSimpleName());
        }
        return fd;
    }

    /// Closes the descriptor. Does nothing if it is closed.
    @Override
    public void close() {
        if (fd == CLOSED) {
            return;
        }
        close(fd);
        fd = CLOSED;
    }

    /// {@return the descriptor, which another object has from now on: this one counts as closed}
    final int release() {
        int released = fd();
        fd = CLOSED;
        return released;
    }

    /// Closes a descriptor that no object has.
    static void close(int fd) {
        // The number is free again whatever close(2) answers; there is nothing to do about it.
        SystemCall.CLOSE.call(fd);
    }
}
