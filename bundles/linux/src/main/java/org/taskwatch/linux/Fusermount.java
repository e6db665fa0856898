// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.linux;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// Lets `fusermount3`, which is set-uid root, open `/dev/fuse` and mount it. The program sends the
/// descriptor over the Unix socket whose number it finds in its environment (`fusermount3(1)`, and
/// `receive_fd` of libfuse's `lib/mount.c`). Java's own way to start a program passes on no
/// descriptors.
final class Fusermount {
    private static final String PROGRAM = "fusermount3";
    private static final int EPERM = 1;

    private static final int AF_UNIX = 1; // bits/socket.h
    private static final int SOCK_STREAM = 1;
    private static final int SCM_RIGHTS = 1;
    private static final int MSG_CMSG_CLOEXEC = 0x40000000;
    private static final int F_SETFL = 4; // fcntl.h
    private static final int O_RDWR_NONBLOCK = 2 | 0x800;

    // struct msghdr of bits/socket.h: iovec @16, their number @24, control data @32, its length @40
    private static final long MSGHDR_BYTES = 56;
    private static final long MSG_IOV = 16;
    private static final long MSG_IOVLEN = 24;
    private static final long MSG_CONTROL = 32;
    private static final long MSG_CONTROLLEN = 40;
    // struct cmsghdr: size_t length @0, int level @8, type @12, then the descriptor, padded to 8
    private static final long CMSG_BYTES = 24;
    private static final long CMSG_TYPE = 12;
    private static final long CMSG_DATA = 16;

    // int posix_spawnp(pid_t *pid, const char *file, const posix_spawn_file_actions_t *actions,
    //                  const posix_spawnattr_t *attributes, char *const argv[], char *const envp[])
    private static final MethodHandle POSIX_SPAWNP =
            Native.function(
                    "posix_spawnp",
                    FunctionDescriptor.of(
                            JAVA_INT, ADDRESS, ADDRESS, ADDRESS, ADDRESS, ADDRESS, ADDRESS));

    private final String program;
    private final Arena arena;

    private Fusermount(String program, Arena arena) {
        this.program = program;
        this.arena = arena;
    }

    /// {@return the descriptor of the device, not blocking}
    static int mount(Path directory, String name) throws LinuxException {
        return mount(PROGRAM, directory, name);
    }

    /// {@return what a program sends that is called as `fusermount3` is}
    ///
    /// @param program its path, or its name on the PATH
    static int mount(String program, Path directory, String name) throws LinuxException {
        try (Arena arena = Arena.ofConfined()) {
            return new Fusermount(program, arena).run(directory, name);
        }
    }

    private int run(Path directory, String name) throws LinuxException {
        MemorySegment sockets = arena.allocate(JAVA_INT, 2);
        SystemCall.check(
                SystemCall.SOCKETPAIR.call(AF_UNIX, SOCK_STREAM, 0, sockets.address()),
                "socketpair");
        int ours = sockets.getAtIndex(JAVA_INT, 0);
        int theirs = sockets.getAtIndex(JAVA_INT, 1);
        String options =
                "fsname=%s,subtype=%s,nosuid,nodev,noexec,default_permissions"
                        .formatted(name, name);
        try {
            MemorySegment pid = spawn(theirs, "-o", options, "--", directory.toString());
            Descriptor.close(theirs); // the end of the program is then the end of what ours gives
            int fd = receive(ours);
            SystemCall.WAIT4.call(pid.get(JAVA_INT, 0), SystemCall.NULL);
            if (fd < 0) {
                throw new LinuxException(program + " on " + directory, EPERM);
            }
            SystemCall.FCNTL.call(fd, F_SETFL, O_RDWR_NONBLOCK);
            return fd;
        } finally {
            Descriptor.close(ours);
        }
    }

    private MemorySegment spawn(int socket, String... arguments) throws LinuxException {
        MemorySegment pid = arena.allocate(JAVA_INT);
        List<String> words = new ArrayList<>(List.of(program));
        words.addAll(List.of(arguments));
        String path = System.getenv().getOrDefault("PATH", "/usr/bin:/bin");
        List<String> environment = List.of("PATH=" + path, "_FUSE_COMMFD=" + socket);
        int error = spawn(pid, strings(words), strings(environment));
        if (error != 0) {
            Descriptor.close(socket);
            throw new LinuxException("start of " + program, error);
        }
        return pid;
    }

    private int spawn(MemorySegment pid, MemorySegment arguments, MemorySegment environment) {
        MemorySegment none = MemorySegment.NULL;
        try {
            return (int)
                    POSIX_SPAWNP.invokeExact(
                            pid, arena.allocateFrom(program), none, none, arguments, environment);
        } catch (Throwable e) {
            throw Native.unchecked(e);
        }
    }

    /// {@return an array of strings, with a null at its end}
    private MemorySegment strings(List<String> strings) {
        MemorySegment array = arena.allocate(ADDRESS, strings.size() + 1);
        for (int i = 0; i < strings.size(); i++) {
            array.setAtIndex(ADDRESS, i, arena.allocateFrom(strings.get(i)));
        }
        return array;
    }

    /// {@return the descriptor that is sent, -1 if none is}
    private int receive(int socket) throws LinuxException {
        MemorySegment data = arena.allocate(JAVA_LONG, 2); // struct iovec: base @0, length @8
        data.set(ADDRESS, 0, arena.allocate(1));
        data.set(JAVA_LONG, Long.BYTES, 1);
        MemorySegment control = arena.allocate(CMSG_BYTES, Long.BYTES);
        MemorySegment message = arena.allocate(MSGHDR_BYTES, Long.BYTES);
        message.set(ADDRESS, MSG_IOV, data);
        message.set(JAVA_LONG, MSG_IOVLEN, 1);
        message.set(ADDRESS, MSG_CONTROL, control);
        message.set(JAVA_LONG, MSG_CONTROLLEN, CMSG_BYTES);
        long size;
        do {
            size = SystemCall.RECVMSG.call(socket, message.address(), MSG_CMSG_CLOEXEC);
        } while (size == -LinuxException.EINTR);
        boolean sent =
                size > 0
                        && message.get(JAVA_LONG, MSG_CONTROLLEN) > CMSG_DATA
                        && control.get(JAVA_INT, CMSG_TYPE) == SCM_RIGHTS;
        return sent ? control.get(JAVA_INT, CMSG_DATA) : -1;
    }
}
