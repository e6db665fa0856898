// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.linux;

import com.google.errorprone.annotations.concurrent.GuardedBy;

import org.jspecify.annotations.Nullable;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Locale;

/// The server's end of one mounted FUSE file system, see `fuse(4)` and `linux/fuse.h`: the kernel's
/// requests come out of it, the answers go in.
///
/// One thread receives and closes, or another one closes once no thread is inside [#receive] any more
/// (see [#end]); any threads send. Closing ends the file system: its users get
/// ENOTCONN from then on.
public final class FuseDevice extends Descriptor {
    /// The most bytes that one request may write: what a server must not exceed when it agrees on a
    /// `max_write`.
    public static final int MAX_WRITE = 128 << 10;

    // The headers before what is written: fuse_in_header and fuse_write_in, rounded up to a page.
    private static final int REQUEST_BYTES = MAX_WRITE + 4096;

    private static final int AT_FDCWD = -100; // linux/fcntl.h
    private static final int O_RDWR = 2; // asm-generic/fcntl.h
    private static final int O_NONBLOCK = 0x800;
    private static final int O_CLOEXEC = 0x80000;
    private static final long MS_NOSUID_NODEV_NOEXEC = 2 | 4 | 8; // linux/mount.h
    private static final int MNT_DETACH = 2; // sys/mount.h
    private static final int ENODEV = 19;

    private final Epoll epoll;
    private final Wakeup wakeup;

    // Used by the receiver alone, which may be another thread than has opened this. The kernel gets
    // the bare address of it, so it must not be freed while the receiver is inside a call.
    private final Arena arena = Arena.ofShared();
    private final MemorySegment request = arena.allocate(REQUEST_BYTES, Long.BYTES);

    private volatile boolean ended;

    /// Under the lock of a [#send], so that no thread sends to a number that the kernel has given to
    /// another file.
    @GuardedBy("this")
    private boolean closed;

    private FuseDevice(int fd, Epoll epoll, Wakeup wakeup) {
        super(fd);
        this.epoll = epoll;
        this.wakeup = wakeup;
    }

    /// {@return the device of a file system that is mounted} Before that, the kernel has nothing that an
    /// epoll could wait for, and an epoll that was told to wait then never wakes.
    private static FuseDevice of(int fd) throws LinuxException {
        FuseDevice device = withEpoll(fd);
        try {
            device.epoll.add(device, Epoll.READABLE, 0);
            device.epoll.add(device.wakeup, Epoll.READABLE, 0);
            return device;
        } catch (LinuxException e) {
            device.close(); // ends the file system; who has mounted it unmounts it
            throw e;
        }
    }

    private static FuseDevice withEpoll(int fd) throws LinuxException {
        Epoll epoll = null;
        try {
            epoll = Epoll.open();
            return new FuseDevice(fd, epoll, Wakeup.open());
        } catch (LinuxException e) {
            if (epoll != null) {
                epoll.close();
            }
            close(fd); // as above
            throw e;
        }
    }

    /// Mounts a file system, which needs CAP_SYS_ADMIN. All users may use it as the modes of its files
    /// say, which the kernel checks.
    ///
    /// @param directory where, an absolute path without symbolic links
    /// @param name what it is called: its type is `fuse.` and the name
    /// @param uid the effective user id of this process
    /// @param gid its effective group id
    /// @return the device, which nobody receives from yet
    /// @throws LinuxException ENOENT if there is no `/dev/fuse`, EPERM or EACCES if this user may not
    public static FuseDevice mount(Path directory, String name, int uid, int gid)
            throws LinuxException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment device = arena.allocateFrom("/dev/fuse");
            long fd =
                    SystemCall.OPENAT.call(
                            AT_FDCWD, device.address(), O_RDWR | O_NONBLOCK | O_CLOEXEC);
            SystemCall.check(fd, "open of /dev/fuse");
            String options = // in ASCII digits, whatever the user's language has
                    String.format(
                            Locale.ROOT,
                            "fd=%d,rootmode=40000,user_id=%d,group_id=%d,allow_other"
                                    + ",default_permissions",
                            fd,
                            uid,
                            gid);
            long answer =
                    SystemCall.MOUNT.call(
                            arena.allocateFrom(name).address(),
                            arena.allocateFrom(directory.toString()).address(),
                            arena.allocateFrom("fuse." + name).address(),
                            MS_NOSUID_NODEV_NOEXEC,
                            arena.allocateFrom(options).address());
            if (answer < 0) {
                close((int) fd);
            }
            SystemCall.check(answer, "mount on " + directory);
            return ofMounted((int) fd, directory);
        }
    }

    private static FuseDevice ofMounted(int fd, Path directory) throws LinuxException {
        try {
            return of(fd);
        } catch (LinuxException e) {
            unmount(directory);
            throw e;
        }
    }

    /// Mounts a file system by the program `fusermount3` of libfuse, which may do what this user
    /// may not. Only this user can use it. The program writes its messages to the standard error.
    ///
    /// @param directory where, an absolute path of a directory of this user
    /// @param name what it is called: its type is `fuse.` and the name
    /// @return the device, which nobody receives from yet
    /// @throws LinuxException ENOENT if the program is not there, EPERM if it refuses
    public static FuseDevice mountByHelper(Path directory, String name) throws LinuxException {
        return of(Fusermount.mount(directory, name));
    }

    /// Takes a mounted file system out of the tree of files; what is open in it stays so. Needs
    /// CAP_SYS_ADMIN.
    ///
    /// @param directory where it is mounted
    /// @throws LinuxException EINVAL if nothing is mounted there, EPERM if this user may not
    public static void unmount(Path directory) throws LinuxException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment target = arena.allocateFrom(directory.toString());
            SystemCall.check(
                    SystemCall.UMOUNT2.call(target.address(), MNT_DETACH),
                    "umount2 of " + directory);
        }
    }

    /// Waits for the next request.
    ///
    /// @return the request in native byte order, valid until the next call; null after [#end], or if
    ///     the file system has been unmounted and nobody uses it any more
    /// @throws LinuxException if the kernel refuses
    public @Nullable ByteBuffer receive() throws LinuxException {
        while (!ended) {
            long size = SystemCall.READ.call(fd(), request.address(), REQUEST_BYTES);
            if (size > 0) {
                return request.asSlice(0, size).asByteBuffer().order(ByteOrder.nativeOrder());
            }
            switch ((int) -size) {
                case ENODEV -> {
                    return null;
                }
                case LinuxException.EAGAIN -> epoll.await(-1);
                // Interrupted; or the request was interrupted before it could be read.
                case LinuxException.EINTR, LinuxException.ENOENT -> {}
                default -> SystemCall.check(size, "read of /dev/fuse");
            }
        }
        return null;
    }

    /// Sends an answer, or tells the kernel something.
    ///
    /// @param message a whole message; its position does not change
    /// @return whether it has arrived: false if nobody waits for it any more, or the device is closed
    public synchronized boolean send(ByteBuffer message) {
        if (closed) {
            return false;
        }
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment copy = arena.allocate(message.remaining());
            copy.copyFrom(MemorySegment.ofBuffer(message));
            return SystemCall.WRITE.call(fd(), copy.address(), copy.byteSize()) >= 0;
        }
    }

    /// Ends [#receive], now and from now on. May be called by any thread; does nothing if this is
    /// closed.
    public synchronized void end() {
        ended = true;
        if (!closed) {
            wakeup.wake();
        }
    }

    @Override
    public synchronized void close() {
        if (!closed) {
            closed = true;
            super.close();
            epoll.close();
            wakeup.close();
            arena.close();
        }
    }
}
