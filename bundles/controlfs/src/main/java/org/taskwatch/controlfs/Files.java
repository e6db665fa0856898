// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.controlfs;

import org.taskwatch.api.Errno;
import org.taskwatch.api.file.FileException;
import org.taskwatch.controlfs.Node.File;

import java.nio.ByteBuffer;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.Supplier;

/// Answers what calls the bundles. Safe for all threads.
final class Files {
    // struct fuse_read_in and fuse_write_in
    //     {u64 fh @0, offset @8; u32 size @16, _flags @20; u64 lock_owner @24; u32 flags @32, pad}
    private static final int OFFSET = 8;
    private static final int SIZE = 16;
    private static final int FLAGS = 32;
    private static final int WRITE_DATA = 40;
    // struct fuse_ioctl_in
    //     {u64 fh @0; u32 flags @8, cmd @12; u64 arg @16; u32 in_size @24, out_size}
    private static final int IOCTL_COMMAND = 12;
    private static final int IOCTL_IN_SIZE = 24;
    private static final int IOCTL_DATA = 32;
    private static final int IOC_READ = 2 << 30; // _IOC_READ of asm-generic/ioctl.h, in its place
    // struct fuse_poll_in {u64 fh @0, kh @8; u32 flags @16, events @20}
    private static final int POLL_KH = 8;
    private static final int POLL_FLAGS = 16;
    private static final int POLL_SCHEDULE_NOTIFY = 1;

    private static final int NUMBER_BYTES = 8; // fuse_write_out, fuse_poll_out
    private static final int IOCTL_BYTES = 16; // fuse_ioctl_out

    private static final int DIRECT_IO = 1; // FOPEN_ flags
    private static final int NONSEEKABLE = 4;
    private static final int STREAM = 16;

    private static final int ACCESS_MODE = 3; // O_ACCMODE of asm-generic/fcntl.h
    private static final int O_RDONLY = 0;
    private static final int O_WRONLY = 1;
    private static final int O_NONBLOCK = 0x800;
    private static final int READABLE = 0444;
    private static final int WRITABLE = 0222;

    private static final int POLLIN = 1 | 0x40; // asm-generic/poll.h, with POLLRDNORM
    private static final int POLLOUT = 4 | 0x100;
    private static final int POLLERR_HUP = 8 | 0x10;

    private final Supplier<Tree> tree;
    private final Consumer<ByteBuffer> sender;
    private final AtomicLong numbers = new AtomicLong();

    /// The open handles, by `fh`.
    private final Map<Long, Handle> handles = new ConcurrentHashMap<>();

    /// @param tree the names as they are
    /// @param sender sends the notices that wake polling clients
    Files(Supplier<Tree> tree, Consumer<ByteBuffer> sender) {
        this.tree = tree;
        this.sender = sender;
    }

    /// {@return the file that a request is about}
    ///
    /// @throws FileException ENOENT or EBADF if it is not there
    Contribution file(Request request) throws FileException {
        if (request.opcode() != Opcode.OPEN) {
            return handle(request).contribution();
        }
        if (tree.get().node(request.node()) instanceof File(Contribution file)) {
            return file;
        }
        throw new FileException(Errno.ENOENT, "node " + request.node());
    }

    private Handle handle(Request request) throws FileException {
        Handle handle = handles.get(request.int64(0));
        if (handle == null) {
            throw new FileException(Errno.EBADF, "handle " + request.int64(0));
        }
        return handle;
    }

    /// {@return the body of the answer}
    ///
    /// @param file the file that the request is about
    /// @param call makes the work interruptible
    /// @throws FileException what the system call fails with
    ByteBuffer answer(Contribution file, Request request, Call call) throws FileException {
        if (request.opcode() == Opcode.OPEN) {
            return open(file, request, call);
        }
        Handle handle = handle(request);
        return switch (request.opcode()) {
            case Opcode.READ -> file.call(call, () -> read(handle, request));
            case Opcode.WRITE -> file.call(call, () -> write(handle, request));
            case Opcode.IOCTL -> file.call(call, () -> ioctl(handle, request));
            case Opcode.POLL -> poll(handle, request, call);
            default -> throw new IllegalArgumentException("opcode " + request.opcode());
        };
    }

    /// Has a handle closed that no client has open any more. Does not wait for it.
    ///
    /// @param number the number of the handle; nothing is done if there is none
    void release(long number) {
        Handle handle = handles.remove(number);
        if (handle != null) {
            handle.contribution().close(handle);
        }
    }

    private ByteBuffer open(Contribution file, Request request, Call call) throws FileException {
        // The kernel checks modes for all but root. As in sysfs, a file that nobody can write is
        // not opened for writing.
        int access = request.int32(0) & ACCESS_MODE;
        if (access != O_RDONLY && (file.mode() & WRITABLE) == 0
                || access != O_WRONLY && (file.mode() & READABLE) == 0) {
            throw new FileException(Errno.EACCES, file.path());
        }
        Handle handle =
                file.call(call, () -> file.open(numbers.incrementAndGet(), request.client()));
        handles.put(handle.number(), handle);
        return Answers.open(
                handle.number(), handle.isStream() ? DIRECT_IO | NONSEEKABLE | STREAM : DIRECT_IO);
    }

    private static ByteBuffer read(Handle handle, Request request)
            throws FileException, InterruptedException {
        long offset = request.int64(OFFSET);
        int size = request.int32(SIZE);
        boolean wait = (request.int32(FLAGS) & O_NONBLOCK) == 0;
        ByteBuffer data = handle.file().read(offset, size, wait);
        boolean isEnd = data.remaining() < size && (data.hasRemaining() || offset == 0);
        if (isEnd && !handle.isStream()) {
            handle.contribution().found(offset + data.remaining());
        }
        return data;
    }

    private static ByteBuffer write(Handle handle, Request request)
            throws FileException, InterruptedException {
        int size = request.int32(SIZE);
        handle.file().write(request.data(WRITE_DATA, size));
        return Answers.number(size, NUMBER_BYTES);
    }

    private static ByteBuffer ioctl(Handle handle, Request request)
            throws FileException, InterruptedException {
        int command = request.int32(IOCTL_COMMAND);
        if ((command & IOC_READ) != 0) {
            throw new FileException(Errno.ENOTTY, "command %#x gives data".formatted(command));
        }
        ByteBuffer argument = request.data(IOCTL_DATA, request.int32(IOCTL_IN_SIZE));
        int result = handle.file().ioctl(request.client(), command, argument);
        return Answers.number(result, IOCTL_BYTES);
    }

    // A polling client must learn that the file has gone, not get an error for asking.
    private ByteBuffer poll(Handle handle, Request request, Call call) throws FileException {
        if ((request.int32(POLL_FLAGS) & POLL_SCHEDULE_NOTIFY) != 0) {
            long poller = request.int64(POLL_KH);
            handle.poll(() -> sender.accept(Answers.wake(poller)));
        }
        int events;
        try {
            boolean readable =
                    handle.contribution().call(call, () -> handle.file().isReadable(handle::wake));
            events = readable ? POLLIN | POLLOUT : POLLOUT;
        } catch (FileException e) {
            events = POLLERR_HUP;
        }
        return Answers.number(events, NUMBER_BYTES);
    }
}
