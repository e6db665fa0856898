// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.linux;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/// An open file descriptor, closed once by its opener.
///
/// [#close] must not be called while another thread uses the object: the kernel could have given the
/// number to another file by then.
public abstract sealed class Descriptor implements AutoCloseable
        permits Epoll, FuseDevice, NetlinkSocket, PidFd, Wakeup {
    private static final int CLOSED = -1;

    // int close(int fd)
    private static final MethodHandle CLOSE =
            Native.function("close", FunctionDescriptor.of(JAVA_INT, JAVA_INT));

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

    /// Closes a descriptor that no object has.
    static void close(int fd) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment errno = Native.errnoSegment(arena);
            // The number is free again whatever close(2) answers; there is nothing to do about it.
            int _ = (int) CLOSE.invokeExact(errno, fd);
        } catch (Throwable e) {
            throw Native.unchecked(e);
        }
    }
}
