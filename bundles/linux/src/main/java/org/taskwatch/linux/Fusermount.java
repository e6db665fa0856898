// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.linux;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// Lets `fusermount3`, which is set-uid root, open `/dev/fuse` and mount it. The program sends the
/// descriptor over the Unix socket whose number it finds in its environment (`fusermount3(1)`, and
/// `receive_fd` of libfuse's `lib/mount.c`).
final class Fusermount {
    private static final String PROGRAM = "fusermount3";

    private static final int AF_UNIX = 1; // bits/socket.h
    private static final int SOCK_STREAM = 1;
    private static final int F_SETFL = 4; // fcntl.h
    private static final int O_RDWR_NONBLOCK = 2 | 0x800;

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
            int pid = spawn(theirs, "-o", options, "--", directory.toString());
            Descriptor.close(theirs); // the end of the program is then the end of what ours gives
            int fd = receive(ours);
            SystemCall.WAIT4.call(pid, SystemCall.NULL);
            if (fd < 0) {
                throw new LinuxException(program + " on " + directory, LinuxException.EPERM);
            }
            SystemCall.FCNTL.call(fd, F_SETFL, O_RDWR_NONBLOCK);
            return fd;
        } finally {
            Descriptor.close(ours);
        }
    }

    private int spawn(int socket, String... arguments) throws LinuxException {
        List<String> words = new ArrayList<>(List.of(program));
        words.addAll(List.of(arguments));
        String path = System.getenv().getOrDefault("PATH", "/usr/bin:/bin");
        List<String> environment = List.of("PATH=" + path, "_FUSE_COMMFD=" + socket);
        try {
            return Spawn.start(program, MemorySegment.NULL, words, environment);
        } catch (LinuxException e) {
            Descriptor.close(socket);
            throw e;
        }
    }

    /// {@return the descriptor that is sent, -1 if none is}
    private int receive(int socket) {
        SocketMessage message = new SocketMessage(arena, arena.allocate(1));
        return message.receive(socket, 0) > 0 ? message.descriptor() : -1;
    }
}
