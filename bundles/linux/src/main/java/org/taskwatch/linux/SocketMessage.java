// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.linux;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/// What `sendmsg(2)` and `recvmsg(2)` take: some bytes, and at most one descriptor. For one thread.
///
///     struct msghdr      bits/socket.h (64-bit)
///       msg_iov          @16 -> struct iovec {base @0 -> the bytes, length @8}
///       msg_iovlen       @24    1
///       msg_control      @32 -> struct cmsghdr {size_t length @0, int level @8, int type @12, int fd @16}
///       msg_controllen   @40
///       msg_flags        @48    what recvmsg has to say
final class SocketMessage {
    private static final long HEADER_BYTES = 56;
    private static final long IOVEC = 16;
    private static final long IOVEC_COUNT = 24;
    private static final long CONTROL = 32;
    private static final long CONTROL_LENGTH = 40;
    private static final long FLAGS = 48;

    private static final long LEVEL = 8;
    private static final long TYPE = 12;
    private static final long FD = 16;

    /// CMSG_LEN of one descriptor. The kernel drops what does not fit: with CMSG_SPACE, 24, there would be
    /// room for a second one.
    private static final long ONE_FD = 20;

    private static final int SOL_SOCKET = 1; // asm-generic/socket.h
    private static final int SCM_RIGHTS = 1; // linux/socket.h
    private static final int MSG_CTRUNC = 0x8;
    private static final int MSG_TRUNC = 0x20;
    private static final int MSG_NOSIGNAL = 0x4000;
    private static final int MSG_CMSG_CLOEXEC = 0x40000000;

    private final MemorySegment header;
    private final MemorySegment control;

    /// Makes one without a descriptor.
    ///
    /// @param arena has the memory
    /// @param data the bytes to be sent, or memory of the same arena for those to be received
    SocketMessage(Arena arena, MemorySegment data) {
        MemorySegment iovec = arena.allocate(2L * Long.BYTES, Long.BYTES);
        iovec.set(ADDRESS, 0, data);
        iovec.set(JAVA_LONG, Long.BYTES, data.byteSize());
        header = arena.allocate(HEADER_BYTES, Long.BYTES);
        header.set(ADDRESS, IOVEC, iovec);
        header.set(JAVA_LONG, IOVEC_COUNT, 1);
        control = arena.allocate(ONE_FD, Long.BYTES);
        header.set(ADDRESS, CONTROL, control);
    }

    /// Sends a descriptor with it.
    void attach(int fd) {
        control.set(JAVA_LONG, 0, ONE_FD);
        control.set(JAVA_INT, LEVEL, SOL_SOCKET);
        control.set(JAVA_INT, TYPE, SCM_RIGHTS);
        control.set(JAVA_INT, FD, fd);
        header.set(JAVA_LONG, CONTROL_LENGTH, ONE_FD);
    }

    /// {@return what the kernel answers} No signal comes if the other end is closed.
    ///
    /// @param flags further MSG_X
    long send(int socket, int flags) {
        return SystemCall.SENDMSG.call(socket, header.address(), flags | MSG_NOSIGNAL);
    }

    /// {@return what the kernel answers: how many bytes have come, 0 if the other end is closed}
    ///
    /// @param flags further MSG_X
    long receive(int socket, int flags) {
        long size;
        do {
            header.set(JAVA_LONG, CONTROL_LENGTH, ONE_FD);
            size = SystemCall.RECVMSG.call(socket, header.address(), flags | MSG_CMSG_CLOEXEC);
        } while (size == -LinuxException.EINTR);
        return size;
    }

    /// {@return the descriptor that has come and is ours to close, -1 if none has}
    int descriptor() {
        boolean hasCome =
                header.get(JAVA_LONG, CONTROL_LENGTH) >= ONE_FD
                        && control.get(JAVA_INT, LEVEL) == SOL_SOCKET
                        && control.get(JAVA_INT, TYPE) == SCM_RIGHTS;
        return hasCome ? control.get(JAVA_INT, FD) : -1;
    }

    /// {@return whether more bytes or descriptors were sent than have come; they are lost}
    boolean isCut() {
        return (header.get(JAVA_INT, FLAGS) & (MSG_TRUNC | MSG_CTRUNC)) != 0;
    }
}
