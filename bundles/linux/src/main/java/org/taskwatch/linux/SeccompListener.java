// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.linux;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import org.jspecify.annotations.Nullable;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SegmentAllocator;
import java.nio.ByteBuffer;

/// The listener of a seccomp filter, see `seccomp_unotify(2)`: threads below the filter wait in the system calls that
/// it names until somebody has answered here. When the last descriptor of it is closed, these calls fail with ENOSYS,
/// for those who wait too.
///
/// [#await] and [#receive] are for one thread at a time; the answers are given by any thread.
public final class SeccompListener extends Descriptor {
    /// Of [#await]: somebody waits to be received.
    public static final int READABLE = Poll.IN;

    /// Of [#await]: no task is left below the filter.
    public static final int HANG_UP = Poll.HUP;

    /// Of [#await]: the wakeup was woken.
    public static final int WOKEN = 1 << 16;

    /// How many bytes a [Notification] has in memory.
    public static final int NOTIFICATION_BYTES = 80;

    // linux/seccomp.h; the numbers have the sizes of the structs below
    private static final long RECV = 0xC0502100L;
    private static final long SEND = 0xC0182101L;
    private static final long ID_VALID = 0x40082102L;
    private static final long SET_FLAGS = 0x40082104L;
    private static final long SYNC_WAKE_UP = 1;
    private static final int CONTINUE = 1;

    private static final int EINPROGRESS = 115; // asm-generic/errno.h

    // struct seccomp_notif {u64 id @0, u32 pid @8, u32 flags @12, struct seccomp_data data @16},
    // where
    // struct seccomp_data {int nr @0, u32 arch @4, u64 instruction_pointer @8, u64 args[6] @16}
    private static final long NOTIF_PID = 8;
    private static final long NOTIF_NR = 16;
    private static final long NOTIF_ARCH = 20;
    private static final long NOTIF_POINTER = 24;
    private static final long NOTIF_ARGUMENTS = 32;

    // struct seccomp_notif_resp {u64 id @0, s64 val @8, s32 error @16, u32 flags @20}
    private static final long ANSWER_BYTES = 24;
    private static final long ANSWER_ERROR = 16;
    private static final long ANSWER_FLAGS = 20;

    /// What a call here passes to the kernel and gets from it: a thread has it for as long as it lives, as it makes three
    /// calls for each fork.
    private static final ThreadLocal<MemorySegment> MEMORY =
            ThreadLocal.withInitial(() -> Arena.ofAuto().allocate(NOTIFICATION_BYTES, Long.BYTES));

    /// What `anon_inode_getfile` is told in `kernel/seccomp.c`. The kernel alone gives such names.
    private static final String KIND = "anon_inode:seccomp notify";

    /// A system call that waits for an answer.
    ///
    /// @param id what to answer it by; unique for the listener
    /// @param tid the thread that waits; 0 if it is in a pid namespace that is not seen from here
    /// @param number of the system call, of the architecture that it was called by
    /// @param architecture AUDIT_ARCH_X of `linux/audit.h`
    /// @param instructionPointer where the thread has called it
    /// @param argument the first argument, of which a call of 32 bits has the lower half alone
    public record Notification(
            long id,
            int tid,
            int number,
            int architecture,
            long instructionPointer,
            long argument) {}

    SeccompListener(int fd) {
        super(fd);
        // Who waits and who answers take turns, so they are better off on one processor; 6.6 and
        // later know it.
        SystemCall.IOCTL.call(fd, SET_FLAGS, SYNC_WAKE_UP);
    }

    /// {@return the listener that somebody has sent}
    ///
    /// @param file the file, which is the listener's from then on: it counts as closed. It stays open if this fails
    /// @throws LinuxException EINVAL if it is something else
    public static SeccompListener of(ReceivedFile file) throws LinuxException {
        String kind = file.kind();
        if (!kind.equals(KIND)) {
            throw new LinuxException(
                    "use of " + kind + " as a listener of seccomp(2)", LinuxException.EINVAL);
        }
        return new SeccompListener(file.release());
    }

    /// Waits until somebody waits to be received, or nobody can any more. A signal may end the wait early.
    ///
    /// @param end its [Wakeup#wake] ends the wait
    /// @param millis how long at most; 0 does not wait, -1 waits for ever
    /// @return what has come: [#READABLE], [#HANG_UP], [#WOKEN], any of them together, or 0
    /// @throws LinuxException ENOMEM
    public int await(Wakeup end, int millis) throws LinuxException {
        Poll poll = new Poll(memory(), fd(), end.fd());
        if (poll.await(millis) == 0) {
            return 0;
        }
        int own = poll.result(0) & (READABLE | HANG_UP);
        return poll.result(1) == 0 ? own : own | WOKEN;
    }

    /// Receives who waits. From then on only a fatal signal takes that thread out of its call. Waits if nobody
    /// does, so it is for after [#await] has said READABLE.
    ///
    /// @return the call; null if it is gone, as the thread was killed or got a signal
    /// @throws LinuxException if the kernel refuses, which it never should
    public @Nullable Notification receive() throws LinuxException {
        return receive(memory().allocate(NOTIFICATION_BYTES, Long.BYTES));
    }

    /// Receives as [#receive()], and the kernel itself writes into a memory who waits. If that is of a file, a later
    /// process finds it there, wherever this one is killed.
    ///
    /// @param memory [#NOTIFICATION_BYTES] bytes that are all 0, of a direct buffer, at a multiple of 8
    /// @return as [#receive()]; if it is null, the memory is as it was
    /// @throws LinuxException as [#receive()], EINVAL if the memory is not of zeros, EFAULT if its file has an error
    public @Nullable Notification receive(ByteBuffer memory) throws LinuxException {
        return receive(MemorySegment.ofBuffer(memory));
    }

    private @Nullable Notification receive(MemorySegment notif) throws LinuxException {
        long answer;
        do {
            answer = SystemCall.IOCTL.call(fd(), RECV, notif.address());
        } while (answer == -LinuxException.EINTR);
        if (answer == -LinuxException.ENOENT) {
            return null;
        }
        SystemCall.check(answer, "receiving from a listener of seccomp(2)");
        return notification(notif);
    }

    /// {@return who has been received into a memory, null if it is of zeros}
    ///
    /// @param memory as for [#receive(ByteBuffer)]
    public static @Nullable Notification read(ByteBuffer memory) {
        Notification notification = notification(MemorySegment.ofBuffer(memory));
        return notification.id == 0 ? null : notification;
    }

    private static Notification notification(MemorySegment notif) {
        return new Notification(
                notif.get(JAVA_LONG, 0),
                notif.get(JAVA_INT, NOTIF_PID),
                notif.get(JAVA_INT, NOTIF_NR),
                notif.get(JAVA_INT, NOTIF_ARCH),
                notif.get(JAVA_LONG, NOTIF_POINTER),
                notif.get(JAVA_LONG, NOTIF_ARGUMENTS));
    }

    /// Lets a call that was received happen.
    ///
    /// @param id its id
    /// @return whether it was still waiting; false if it is gone or was answered
    /// @throws LinuxException if the kernel refuses, which it never should
    public boolean proceed(long id) throws LinuxException {
        return send(id, 0, CONTINUE);
    }

    /// Lets a call that was received fail.
    ///
    /// @param id its id
    /// @param errno what it fails with, positive
    /// @return as [#proceed]
    /// @throws LinuxException as [#proceed]
    public boolean refuse(long id, int errno) throws LinuxException {
        return send(id, -errno, 0);
    }

    private boolean send(long id, int error, int flags) throws LinuxException {
        MemorySegment message = memory().allocate(ANSWER_BYTES, Long.BYTES);
        message.set(JAVA_LONG, 0, id);
        message.set(JAVA_INT, ANSWER_ERROR, error);
        message.set(JAVA_INT, ANSWER_FLAGS, flags);
        long answer;
        do {
            answer = SystemCall.IOCTL.call(fd(), SEND, message.address());
        } while (answer == -LinuxException.EINTR);
        return isThere(answer, "answering by a listener of seccomp(2)");
    }

    /// {@return whether a call still waits for its answer}
    ///
    /// @param id its id
    /// @throws LinuxException if the kernel refuses, which it never should
    public boolean isValid(long id) throws LinuxException {
        MemorySegment asked = memory().allocateFrom(JAVA_LONG, id);
        long answer = SystemCall.IOCTL.call(fd(), ID_VALID, asked.address());
        return isThere(answer, "asking a listener of seccomp(2)");
    }

    /// {@return what gives the memory of this thread, all of it 0}
    private static SegmentAllocator memory() {
        return SegmentAllocator.slicingAllocator(MEMORY.get().fill((byte) 0));
    }

    // EINPROGRESS is said of a call that was answered, and whose thread has not gone on yet.
    private static boolean isThere(long answer, String operation) throws LinuxException {
        if (answer == -LinuxException.ENOENT || answer == -EINPROGRESS) {
            return false;
        }
        SystemCall.check(answer, operation);
        return true;
    }
}
