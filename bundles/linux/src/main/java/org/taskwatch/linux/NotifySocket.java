// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.linux;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;

/// The socket by which a process tells its service manager how it is doing: datagrams of lines such as `READY=1`, see
/// `sd_notify(3)` and `unix(7)`. The JDK has no datagrams between processes of one machine.
///
/// For one thread at a time.
public final class NotifySocket extends Descriptor {
    /// The environment variable in which the service manager says where it listens.
    public static final String VARIABLE = "NOTIFY_SOCKET";

    private static final int AF_UNIX = 1; // linux/socket.h
    private static final int SOCK_DGRAM = 2; // bits/socket_type.h
    private static final int SOCK_CLOEXEC = 0x80000;
    private static final int MSG_NOSIGNAL = 0x4000; // linux/socket.h
    private static final int ENAMETOOLONG = 36; // asm-generic/errno.h
    private static final int EAFNOSUPPORT = 97;

    // struct sockaddr_un {u16 sun_family @0, char sun_path[108] @2}, linux/un.h
    private static final int PATH = 2;

    private final String address;
    private final byte[] path;

    private NotifySocket(int fd, String address, byte[] path) {
        super(fd);
        this.address = address;
        this.path = path;
    }

    /// {@return a socket to send by} Whether anybody listens shows when something is sent.
    ///
    /// @param address what [#VARIABLE] holds: the path of a socket, or `@` and a name in the abstract namespace
    /// @throws LinuxException EAFNOSUPPORT if it is neither, ENAMETOOLONG if it does not fit into an address
    public static NotifySocket open(String address) throws LinuxException {
        byte[] path = address.getBytes(StandardCharsets.UTF_8);
        if (path.length < 2 || (path[0] != '/' && path[0] != '@')) {
            throw new LinuxException("a socket at \"" + address + "\"", EAFNOSUPPORT);
        }
        if (path.length > UnixSocket.MOST_PATH_BYTES) {
            throw new LinuxException("a socket at " + address, ENAMETOOLONG);
        }
        if (path[0] == '@') {
            path[0] = 0; // what tells an abstract name from a path
        }
        long fd = SystemCall.SOCKET.call(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
        return new NotifySocket((int) SystemCall.check(fd, "socket of unix(7)"), address, path);
    }

    /// Sends one datagram. Waits while the queue of the receiver is full.
    ///
    /// @param lines variables and their values, separated by line feeds
    /// @throws LinuxException ENOENT or ECONNREFUSED if nobody listens there, EACCES if this user may not send
    public void send(String lines) throws LinuxException {
        try (Arena arena = Arena.ofConfined()) {
            byte[] bytes = lines.getBytes(StandardCharsets.UTF_8);
            long data = arena.allocateFrom(JAVA_BYTE, bytes).address();
            // An abstract name ends where the address does: no zero may follow it.
            MemorySegment to = arena.allocate(PATH + path.length, Long.BYTES);
            to.set(JAVA_SHORT, 0, (short) AF_UNIX);
            MemorySegment.copy(path, 0, to, JAVA_BYTE, PATH, path.length);
            long sent;
            do {
                sent =
                        SystemCall.SENDTO.call(
                                fd(),
                                data,
                                bytes.length,
                                MSG_NOSIGNAL,
                                to.address(),
                                to.byteSize());
            } while (sent == -LinuxException.EINTR);
            SystemCall.check(sent, "send to " + address);
        }
    }
}
