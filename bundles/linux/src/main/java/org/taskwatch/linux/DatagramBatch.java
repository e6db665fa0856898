// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.linux;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/// Memory for a number of netlink datagrams that are received with one system call. For one thread at
/// a time.
///
///     headers   struct mmsghdr[capacity]       bits/socket.h (64-bit)
///                 msghdr.msg_name       @0  -> sender i
///                       .msg_namelen    @8     12, and stays: the kernel writes the same
///                       .msg_iov        @16 -> iovec i
///                       .msg_iovlen     @24    1
///                       .msg_control    @32    none
///                       .msg_flags      @48
///                 msg_len               @56    length of the datagram
///     iovecs    struct iovec[capacity] {base @0 -> datagram i, len @8}
///     senders   struct sockaddr_nl[capacity] {u16 family @0, u32 port @4, u32 groups @8}
///     datagrams capacity * size bytes
public final class DatagramBatch implements AutoCloseable {
    private static final long HEADER_BYTES = 64;
    private static final long NAME = 0;
    private static final long NAME_LENGTH = 8;
    private static final long IOVEC = 16;
    private static final long IOVEC_COUNT = 24;
    private static final long MESSAGE_LENGTH = 56;
    private static final long IOVEC_BYTES = 16;
    private static final long IOVEC_LENGTH = 8;
    private static final long SENDER_PORT = 4;

    private final int size;
    private final Arena arena = Arena.ofShared();
    private final MemorySegment headers;
    private final MemorySegment senders;
    private final ByteBuffer datagrams;

    /// Allocates the memory.
    ///
    /// @param capacity for how many datagrams
    /// @param size for how many bytes of each; a multiple of 8; what is longer is cut
    public DatagramBatch(int capacity, int size) {
        this.size = size;
        headers = arena.allocate(HEADER_BYTES * capacity, Long.BYTES);
        senders = arena.allocate((long) NetlinkSocket.ADDRESS_BYTES * capacity, Integer.BYTES);
        MemorySegment iovecs = arena.allocate(IOVEC_BYTES * capacity, Long.BYTES);
        MemorySegment data = arena.allocate((long) size * capacity, Long.BYTES);
        datagrams = data.asByteBuffer().order(ByteOrder.nativeOrder());
        for (int i = 0; i < capacity; i++) {
            MemorySegment iovec = iovecs.asSlice(i * IOVEC_BYTES, IOVEC_BYTES);
            iovec.set(ADDRESS, 0, data.asSlice((long) i * size, size));
            iovec.set(JAVA_LONG, IOVEC_LENGTH, size);
            MemorySegment header = headers.asSlice(i * HEADER_BYTES, HEADER_BYTES);
            header.set(ADDRESS, NAME, senders.asSlice((long) i * NetlinkSocket.ADDRESS_BYTES));
            header.set(JAVA_INT, NAME_LENGTH, NetlinkSocket.ADDRESS_BYTES);
            header.set(ADDRESS, IOVEC, iovec);
            header.set(JAVA_LONG, IOVEC_COUNT, 1);
        }
    }

    MemorySegment headers(int from, int count) {
        return headers.asSlice(from * HEADER_BYTES, count * HEADER_BYTES);
    }

    /// {@return the bytes of all datagrams, in the byte order of the machine; read them by absolute
    /// position, see [#offset]}
    public ByteBuffer datagrams() {
        return datagrams;
    }

    /// {@return where in [#datagrams] a datagram begins}
    ///
    /// @param index which datagram
    public int offset(int index) {
        return index * size;
    }

    /// {@return the length of a datagram in bytes}
    ///
    /// @param index which datagram
    public int length(int index) {
        return headers.get(JAVA_INT, index * HEADER_BYTES + MESSAGE_LENGTH);
    }

    /// {@return the netlink port that sent a datagram, as the kernel vouches for it; 0 is the kernel}
    ///
    /// @param index which datagram
    public int sender(int index) {
        return senders.get(JAVA_INT, (long) index * NetlinkSocket.ADDRESS_BYTES + SENDER_PORT);
    }

    /// Frees the memory. Does nothing if it is freed.
    @Override
    public void close() {
        if (arena.scope().isAlive()) {
            arena.close();
        }
    }
}
