// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.linux;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;

/// A netlink datagram socket, see `netlink(7)`.
///
/// [#receive] is for one thread; the other methods may be called by any thread until [#close].
public final class NetlinkSocket extends Descriptor {
    /// The protocol of the connector, NETLINK_CONNECTOR of `linux/netlink.h`.
    public static final int CONNECTOR = 11;

    // struct sockaddr_nl {u16 nl_family @0, u16 pad @2, u32 nl_pid @4, u32 nl_groups @8}
    static final int ADDRESS_BYTES = 12;
    private static final long ADDRESS_GROUPS = 8;

    private static final int AF_NETLINK = 16;
    private static final int SOCK_DGRAM_CLOEXEC = 2 | 0x80000;
    private static final int MSG_DONTWAIT = 0x40;

    // asm-generic/socket.h
    private static final int SOL_SOCKET = 1;
    private static final int SO_RCVBUF = 8;
    private static final int SO_ATTACH_FILTER = 26;
    private static final int SO_DETACH_FILTER = 27;
    private static final int SO_RCVBUFFORCE = 33;
    private static final int SO_MEMINFO = 55;

    // SO_MEMINFO is u32[9]; the indexes are those of linux/sock_diag.h
    private static final int MEMINFO_BYTES = 36;
    private static final long MEMINFO_RMEM_ALLOC = 0;
    private static final long MEMINFO_RCVBUF = 4;
    private static final long MEMINFO_DROPS = 32;

    /// What the kernel counts for a socket, SO_MEMINFO of `socket(7)`.
    ///
    /// @param queuedBytes the memory of what is queued, with the overhead of the kernel
    /// @param receiveBuffer how much memory may be queued, in bytes
    /// @param drops how many datagrams were dropped, modulo 2^32
    public record MemoryInfo(int queuedBytes, int receiveBuffer, int drops) {}

    private NetlinkSocket(int fd) {
        super(fd);
    }

    /// Opens a socket and binds it to multicast groups, with a port that the kernel chooses.
    ///
    /// @param protocol as [#CONNECTOR]
    /// @param groups a bit for each group
    /// @return the socket
    /// @throws LinuxException EPROTONOSUPPORT if the kernel has no such protocol, EPERM if the group
    ///     is not for this user
    public static NetlinkSocket open(int protocol, int groups) throws LinuxException {
        long fd = SystemCall.SOCKET.call(AF_NETLINK, SOCK_DGRAM_CLOEXEC, protocol);
        SystemCall.check(fd, "socket of netlink protocol " + protocol);
        NetlinkSocket socket = new NetlinkSocket((int) fd);
        try {
            socket.bind(groups);
            return socket;
        } catch (LinuxException e) {
            socket.close();
            throw e;
        }
    }

    private void bind(int groups) throws LinuxException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment address = arena.allocate(ADDRESS_BYTES, Integer.BYTES);
            address.set(JAVA_SHORT, 0, (short) AF_NETLINK);
            address.set(JAVA_INT, ADDRESS_GROUPS, groups);
            SystemCall.check(
                    SystemCall.BIND.call(fd(), address.address(), ADDRESS_BYTES),
                    "bind to the netlink groups " + groups);
        }
    }

    /// Sends a datagram to the kernel.
    ///
    /// @param datagram its bytes
    /// @throws LinuxException ECONNREFUSED if nobody listens in the kernel
    public void send(byte[] datagram) throws LinuxException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment data = arena.allocateFrom(JAVA_BYTE, datagram);
            SystemCall.check(
                    SystemCall.SENDTO.call(fd(), data.address(), data.byteSize()),
                    "send of a netlink message");
        }
    }

    /// Receives the datagrams that are there, without waiting, into a part of a batch.
    ///
    /// @param batch takes them
    /// @param from the index that the first of them gets
    /// @param most how many at most, at least 1
    /// @return how many; fewer than that if the queue was empty then, or if datagrams were dropped
    ///     meanwhile, which the next call tells
    /// @throws LinuxException ENOBUFS, once, if datagrams were dropped since the last call
    public int receive(DatagramBatch batch, int from, int most) throws LinuxException {
        long count =
                SystemCall.RECVMMSG.call(
                        fd(), batch.headers(from, most).address(), most, MSG_DONTWAIT);
        return count == -LinuxException.EAGAIN
                ? 0
                : (int) SystemCall.check(count, "recvmmsg of netlink messages");
    }

    /// Makes the receive buffer as large as wanted, or else as large as this user may.
    ///
    /// The kernel doubles the value for its overhead. Beyond `net.core.rmem_max` CAP_NET_ADMIN is
    /// needed.
    ///
    /// @param bytes the size wanted
    /// @throws LinuxException if neither is possible
    public void setReceiveBuffer(int bytes) throws LinuxException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment value = arena.allocateFrom(JAVA_INT, bytes);
            if (setOption(SO_RCVBUFFORCE, value) < 0) {
                SystemCall.check(setOption(SO_RCVBUF, value), "setsockopt SO_RCVBUF");
            }
        }
    }

    /// From now on the kernel queues only what a program accepts. What was queued before stays, and
    /// what is dropped is not counted in [MemoryInfo#drops]. Takes the place of the program before.
    ///
    /// @param program its instructions; offsets count from the netlink header
    /// @throws LinuxException EINVAL if it is no valid program, ENOMEM if it needs more memory than
    ///     `net.core.optmem_max`
    public void attachFilter(List<BpfInstruction> program) throws LinuxException {
        try (Arena arena = Arena.ofConfined()) {
            SystemCall.check(
                    setOption(SO_ATTACH_FILTER, BpfInstruction.program(arena, program)),
                    "setsockopt SO_ATTACH_FILTER");
        }
    }

    /// From now on the kernel queues everything.
    ///
    /// @throws LinuxException ENOENT if no program is attached
    public void detachFilter() throws LinuxException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment unused = arena.allocateFrom(JAVA_INT, 0);
            SystemCall.check(setOption(SO_DETACH_FILTER, unused), "setsockopt SO_DETACH_FILTER");
        }
    }

    private long setOption(int name, MemorySegment value) {
        return SystemCall.SETSOCKOPT.call(
                fd(), SOL_SOCKET, name, value.address(), value.byteSize());
    }

    /// {@return what the kernel counts for this socket}
    ///
    /// @throws LinuxException if the kernel has no SO_MEMINFO (before 4.12)
    public MemoryInfo memoryInfo() throws LinuxException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment info = arena.allocate(MEMINFO_BYTES, Integer.BYTES);
            MemorySegment length = arena.allocateFrom(JAVA_INT, MEMINFO_BYTES);
            long answer =
                    SystemCall.GETSOCKOPT.call(
                            fd(), SOL_SOCKET, SO_MEMINFO, info.address(), length.address());
            SystemCall.check(answer, "getsockopt SO_MEMINFO");
            return new MemoryInfo(
                    info.get(JAVA_INT, MEMINFO_RMEM_ALLOC),
                    info.get(JAVA_INT, MEMINFO_RCVBUF),
                    info.get(JAVA_INT, MEMINFO_DROPS));
        }
    }
}
