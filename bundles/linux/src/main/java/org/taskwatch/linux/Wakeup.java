// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.linux;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/// Ends the wait of an [Epoll] that it was added to: an eventfd, see `eventfd(2)`.
public final class Wakeup extends Descriptor {
    // sys/eventfd.h
    private static final int EFD_CLOEXEC = 0x80000;
    private static final int EFD_NONBLOCK = 0x800;

    private Wakeup(int fd) {
        super(fd);
    }

    /// Opens one.
    ///
    /// @return one that has not been woken yet
    /// @throws LinuxException EMFILE or ENFILE if there are too many open files
    public static Wakeup open() throws LinuxException {
        long fd = SystemCall.EVENTFD2.call(0, EFD_CLOEXEC | EFD_NONBLOCK);
        return new Wakeup((int) SystemCall.check(fd, "eventfd"));
    }

    /// Makes this [Epoll#READABLE] until it is cleared. May be called again, and by any thread until the
    /// descriptor is closed.
    public void wake() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment one = arena.allocateFrom(JAVA_LONG, 1);
            // It fails only where the count would overflow, and then it is readable already.
            SystemCall.WRITE.call(fd(), one.address(), one.byteSize());
        }
    }

    /// Makes this no longer [Epoll#READABLE]. A [#wake] that comes meanwhile may count as before or
    /// after: so look at what it was for after this.
    public void clear() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment count = arena.allocate(JAVA_LONG);
            // It fails only if there was no wake, and then there is nothing to clear.
            SystemCall.READ.call(fd(), count.address(), count.byteSize());
        }
    }
}
