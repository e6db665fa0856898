// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.linux;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import org.jspecify.annotations.Nullable;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/// A socket between processes of one machine, see `unix(7)`: what is sent arrives as it was sent, packet by packet
/// (SOCK_SEQPACKET), and with each packet may come an open file. One listens, at a path; others connect.
///
/// For one thread at a time.
public final class UnixSocket extends Descriptor {
    /// How many bytes a path may have: `sun_path` has 108, the last one is zero.
    public static final int MOST_PATH_BYTES = 107;

    /// How many bytes a packet may have that [#receive] takes.
    public static final int MOST_PACKET_BYTES = 32 << 10;

    private static final int AF_UNIX = 1; // linux/socket.h
    private static final int SOCK_SEQPACKET = 5; // bits/socket_type.h
    private static final int SOCK_CLOEXEC = 0x80000;
    private static final int BACKLOG = 128;
    private static final int SOL_SOCKET = 1; // asm-generic/socket.h
    private static final int SO_PEERCRED = 17;
    private static final int MSG_DONTWAIT = 0x40; // linux/socket.h
    private static final int AT_FDCWD = -100; // linux/fcntl.h
    private static final int ENAMETOOLONG = 36; // asm-generic/errno.h

    // struct sockaddr_un {u16 sun_family @0, char sun_path[108] @2}, linux/un.h
    private static final long ADDRESS_BYTES = 110;
    private static final long ADDRESS_PATH = 2;

    // struct ucred {pid_t pid @0, uid_t uid @4, gid_t gid @8}, linux/socket.h
    private static final int UCRED_BYTES = 12;

    /// Who is at the other end, as the kernel vouches for it.
    ///
    /// @param pid the process that has connected, 0 if it is in a pid namespace that is not seen from here
    /// @param uid its effective user id when it did, to be read as unsigned
    /// @param gid its effective group id, likewise
    public record Peer(int pid, int uid, int gid) {}

    /// A packet that has come.
    ///
    /// @param text its bytes, taken for UTF-8; empty if the other end is closed
    /// @param file the open file that has come with it, which is the receiver's to close; null if none has
    /// @param isCut whether it was longer than [#MOST_PACKET_BYTES], or more than one file was sent: the rest is
    ///     lost
    public record Packet(String text, @Nullable ReceivedFile file, boolean isCut) {}

    private UnixSocket(int fd) {
        super(fd);
    }

    /// Listens at a path. [#close] leaves the file there.
    ///
    /// @param path of the socket; nothing may be there
    /// @param mode who may connect, as for `chmod(2)`: to connect needs the right to write. Until it is set, nobody
    ///     but the user of this process may
    /// @return a socket to [#accept] from
    /// @throws LinuxException EADDRINUSE if there is a file, ENAMETOOLONG if the path is longer than
    ///     [#MOST_PATH_BYTES]
    public static UnixSocket listen(Path path, int mode) throws LinuxException {
        UnixSocket socket = open();
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment address = address(arena, path);
            // What bind(2) makes has the mode of the socket, less the umask.
            SystemCall.check(SystemCall.FCHMOD.call(socket.fd(), 0600), "fchmod of a socket");
            SystemCall.check(
                    SystemCall.BIND.call(socket.fd(), address.address(), ADDRESS_BYTES),
                    "bind to " + path);
            SystemCall.check(SystemCall.LISTEN.call(socket.fd(), BACKLOG), "listen at " + path);
            long file = arena.allocateFrom(path.toString()).address();
            SystemCall.check(SystemCall.FCHMODAT.call(AT_FDCWD, file, mode), "chmod of " + path);
            return socket;
        } catch (LinuxException e) {
            socket.close();
            throw e;
        }
    }

    /// Connects to the socket that listens at a path. Waits while very many others do.
    ///
    /// @param path of that socket
    /// @return a socket to send with and receive from
    /// @throws LinuxException ENOENT or ECONNREFUSED if nobody listens there, EACCES if this user may not connect
    public static UnixSocket connect(Path path) throws LinuxException {
        UnixSocket socket = open();
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment address = address(arena, path);
            long answer;
            do {
                answer = SystemCall.CONNECT.call(socket.fd(), address.address(), ADDRESS_BYTES);
            } while (answer == -LinuxException.EINTR);
            SystemCall.check(answer, "connect to " + path);
            return socket;
        } catch (LinuxException e) {
            socket.close();
            throw e;
        }
    }

    private static UnixSocket open() throws LinuxException {
        long fd = SystemCall.SOCKET.call(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);
        return new UnixSocket((int) SystemCall.check(fd, "socket of unix(7)"));
    }

    private static MemorySegment address(Arena arena, Path path) throws LinuxException {
        byte[] bytes = path.toString().getBytes(StandardCharsets.UTF_8);
        if (bytes.length > MOST_PATH_BYTES) {
            String most = " bytes, at most " + MOST_PATH_BYTES + " fit into a socket's address,";
            throw new LinuxException(path + ": " + bytes.length + most, ENAMETOOLONG);
        }
        MemorySegment address = arena.allocate(ADDRESS_BYTES, Long.BYTES);
        address.set(JAVA_SHORT, 0, (short) AF_UNIX);
        MemorySegment.copy(bytes, 0, address, JAVA_BYTE, ADDRESS_PATH, bytes.length);
        return address;
    }

    /// Waits for somebody to connect.
    ///
    /// @param end its [Wakeup#wake] ends the wait
    /// @return a socket to send with and receive from; null if the wait was ended
    /// @throws LinuxException EMFILE or ENFILE if there are too many open files; who has connected still waits then
    public @Nullable UnixSocket accept(Wakeup end) throws LinuxException {
        try (Arena arena = Arena.ofConfined()) {
            Poll poll = new Poll(arena, fd(), end.fd());
            while (true) {
                poll.await(-1);
                if (poll.result(1) != 0) {
                    return null;
                }
                if (poll.result(0) != 0) {
                    long fd =
                            SystemCall.ACCEPT4.call(
                                    fd(), SystemCall.NULL, SystemCall.NULL, SOCK_CLOEXEC);
                    return new UnixSocket((int) SystemCall.check(fd, "accept of a client"));
                }
            }
        }
    }

    /// {@return who is at the other end}
    ///
    /// @throws LinuxException if the kernel refuses to tell it, which it never should
    public Peer peer() throws LinuxException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment peer = arena.allocate(UCRED_BYTES, Integer.BYTES);
            MemorySegment length = arena.allocateFrom(JAVA_INT, UCRED_BYTES);
            SystemCall.check(
                    SystemCall.GETSOCKOPT.call(
                            fd(), SOL_SOCKET, SO_PEERCRED, peer.address(), length.address()),
                    "getsockopt SO_PEERCRED");
            return new Peer(peer.get(JAVA_INT, 0), peer.get(JAVA_INT, 4), peer.get(JAVA_INT, 8));
        }
    }

    /// Sends a packet. Does not wait: the other end must have room for it, which it has for the first one.
    ///
    /// @param text is sent as UTF-8
    /// @param file an open file that the other end gets too, and which stays open here; null for none
    /// @throws LinuxException EPIPE or ECONNRESET if the other end is closed, EAGAIN if it has no room, EMSGSIZE
    public void send(String text, @Nullable Descriptor file) throws LinuxException {
        try (Arena arena = Arena.ofConfined()) {
            byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
            SocketMessage message = new SocketMessage(arena, arena.allocateFrom(JAVA_BYTE, bytes));
            if (file != null) {
                message.attach(file.fd());
            }
            SystemCall.check(message.send(fd(), MSG_DONTWAIT), "send of a packet");
        }
    }

    /// Waits for a packet.
    ///
    /// @param millis for how long at most; 0 does not wait, -1 waits for ever
    /// @return the packet; null if none has come, or if a signal has ended the wait
    /// @throws LinuxException ECONNRESET if the other end was closed before it has received everything
    public @Nullable Packet receive(int millis) throws LinuxException {
        try (Arena arena = Arena.ofConfined()) {
            return receive(arena, new Poll(arena, fd()), millis);
        }
    }

    /// Waits for a packet.
    ///
    /// @param end its [Wakeup#wake] ends the wait
    /// @param millis as for [#receive(int)]
    /// @return as for [#receive(int)]; null also if the wait was ended
    /// @throws LinuxException as for [#receive(int)]
    public @Nullable Packet receive(Wakeup end, int millis) throws LinuxException {
        try (Arena arena = Arena.ofConfined()) {
            return receive(arena, new Poll(arena, fd(), end.fd()), millis);
        }
    }

    private @Nullable Packet receive(Arena arena, Poll poll, int millis) throws LinuxException {
        if (poll.await(millis) == 0 || poll.result(0) == 0) {
            return null;
        }
        MemorySegment data = arena.allocate(MOST_PACKET_BYTES);
        SocketMessage message = new SocketMessage(arena, data);
        long size = message.receive(fd(), MSG_DONTWAIT);
        SystemCall.check(size, "receive of a packet");
        int file = message.descriptor();
        String text = new String(data.asSlice(0, size).toArray(JAVA_BYTE), StandardCharsets.UTF_8);
        return new Packet(text, file < 0 ? null : new ReceivedFile(file), message.isCut());
    }
}
