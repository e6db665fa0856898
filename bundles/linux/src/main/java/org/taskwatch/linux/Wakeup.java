// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.linux;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/// Ends the wait of an [Epoll] that it was added to: an eventfd, see `eventfd(2)`.
public final class Wakeup extends Descriptor {
    // sys/eventfd.h
    private static final int EFD_CLOEXEC = 0x80000;
    private static final int EFD_NONBLOCK = 0x800;

    // int eventfd(unsigned int initval, int flags)
    private static final MethodHandle EVENTFD =
            Native.function("eventfd", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT));
    // ssize_t write(int fd, const void *buf, size_t count)
    private static final MethodHandle WRITE =
            Native.function(
                    "write", FunctionDescriptor.of(JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG));

    // ssize_t read(int fd, void *buf, size_t count)
    private static final MethodHandle READ =
            Native.function("read", FunctionDescriptor.of(JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG));

    private Wakeup(int fd) {
        super(fd);
    }

    /// Opens one.
    ///
    /// @return one that has not been woken yet
    /// @throws LinuxException EMFILE or ENFILE if there are too many open files
    public static Wakeup open() throws LinuxException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment errno = Native.errnoSegment(arena);
            int fd = (int) EVENTFD.invokeExact(errno, 0, EFD_CLOEXEC | EFD_NONBLOCK);
            if (fd < 0) {
                throw new LinuxException("eventfd", Native.errno(errno));
            }
            return new Wakeup(fd);
        } catch (Throwable e) {
            throw Native.failure(e);
        }
    }

    /// Makes this [Epoll#READABLE] until it is cleared. May be called again, and by any thread until the
    /// descriptor is closed.
    public void wake() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment one = arena.allocateFrom(JAVA_LONG, 1);
            // It fails only where the count would overflow, and then it is readable already.
            long _ =
                    (long) WRITE.invokeExact(Native.errnoSegment(arena), fd(), one, one.byteSize());
        } catch (Throwable e) {
            throw Native.unchecked(e);
        }
    }

    /// Makes this no longer [Epoll#READABLE]. A [#wake] that comes meanwhile may count as before or
    /// after: so look at what it was for after this.
    public void clear() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment count = arena.allocate(JAVA_LONG);
            // It fails only if there was no wake, and then there is nothing to clear.
            long _ =
                    (long)
                            READ.invokeExact(
                                    Native.errnoSegment(arena), fd(), count, count.byteSize());
        } catch (Throwable e) {
            throw Native.unchecked(e);
        }
    }
}
