// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.linux;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import org.jspecify.annotations.Nullable;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/// A file descriptor that stands for one process, never for another that got the same pid later,
/// see `pidfd_open(2)`. An [Epoll] reports [Epoll#READABLE] on it when all threads of the process
/// have exited, and [Epoll#HANG_UP] when the process has been reaped, on kernels that report it
/// (6.9 and later); [#isReaped] asks on any.
public final class PidFd extends Descriptor {
    // The same on every architecture: since 5.1 new calls get one number for all,
    // asm-generic/unistd.h. glibc has functions for them from 2.36 on only.
    private static final long SYS_PIDFD_SEND_SIGNAL = 424;
    private static final long SYS_PIDFD_OPEN = 434;

    // long syscall(long number, ...)
    private static final MethodHandle PIDFD_OPEN =
            Native.function(
                    "syscall",
                    FunctionDescriptor.of(JAVA_LONG, JAVA_LONG, JAVA_INT, JAVA_INT),
                    Linker.Option.firstVariadicArg(1));
    private static final MethodHandle PIDFD_SEND_SIGNAL =
            Native.function(
                    "syscall",
                    FunctionDescriptor.of(
                            JAVA_LONG, JAVA_LONG, JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT),
                    Linker.Option.firstVariadicArg(1));

    // int poll(struct pollfd *fds, nfds_t count, int timeout)
    private static final MethodHandle POLL =
            Native.function("poll", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_LONG, JAVA_INT));

    // struct pollfd {int fd @0, short events @4, short revents @6}, asm-generic/poll.h
    private static final int POLL_BYTES = 8;
    private static final long POLL_EVENTS = 4;
    private static final short POLLIN = 1;

    private PidFd(int fd) {
        super(fd);
    }

    /// Opens the descriptor of a process, which may be a zombie.
    ///
    /// @param pid its pid
    /// @return the descriptor, null if the pid is that of a thread or of nothing
    /// @throws LinuxException EMFILE or ENFILE if there are too many open files, ENOMEM
    public static @Nullable PidFd open(int pid) throws LinuxException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment errno = Native.errnoSegment(arena);
            long fd = (long) PIDFD_OPEN.invokeExact(errno, SYS_PIDFD_OPEN, pid, 0);
            return fd < 0 ? none(pid, Native.errno(errno)) : new PidFd((int) fd);
        } catch (Throwable e) {
            throw Native.failure(e);
        }
    }

    // Most processes are gone when they are asked for, and an exception costs more than the call.
    private static @Nullable PidFd none(int pid, int errno) throws LinuxException {
        return switch (errno) {
            // For a thread EINVAL, or ENOENT on newer kernels.
            case LinuxException.ESRCH, LinuxException.EINVAL, LinuxException.ENOENT -> null;
            default -> throw new LinuxException("pidfd_open of process " + pid, errno);
        };
    }

    /// {@return whether all threads of the process have exited: one whose first thread alone has left
    /// has not ended}
    public boolean isEnded() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment errno = Native.errnoSegment(arena);
            MemorySegment asked = arena.allocate(POLL_BYTES, Integer.BYTES);
            asked.set(JAVA_INT, 0, fd());
            asked.set(JAVA_SHORT, POLL_EVENTS, POLLIN);
            return (int) POLL.invokeExact(errno, asked, 1L, 0) > 0;
        } catch (Throwable e) {
            throw Native.unchecked(e);
        }
    }

    /// Queues a signal for the process, never for another that got the same pid later; see
    /// `pidfd_send_signal(2)`. Below [Signal#REAL_TIME_MIN], one that waits already is not queued again.
    ///
    /// @param signal which
    /// @return whether it was queued: false if as many signals wait for the user of the process as may,
    ///     `RLIMIT_SIGPENDING` of `getrlimit(2)`
    /// @throws LinuxException ESRCH if the process has been reaped, EPERM if this user may not send it
    ///     signals
    public boolean send(Signal signal) throws LinuxException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment errno = Native.errnoSegment(arena);
            MemorySegment info = signal.siginfo(arena);
            long result =
                    (long)
                            PIDFD_SEND_SIGNAL.invokeExact(
                                    errno, SYS_PIDFD_SEND_SIGNAL, fd(), signal.number(), info, 0);
            if (result < 0 && Native.errno(errno) != LinuxException.EAGAIN) {
                throw new LinuxException("pidfd_send_signal of " + signal, Native.errno(errno));
            }
            return result == 0;
        } catch (Throwable e) {
            throw Native.failure(e);
        }
    }

    /// {@return whether the process has been reaped, and so its pid may be used again}
    public boolean isReaped() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment errno = Native.errnoSegment(arena);
            // Signal 0 only asks; a zombie is still there, and EPERM too says that it is there.
            long result =
                    (long)
                            PIDFD_SEND_SIGNAL.invokeExact(
                                    errno, SYS_PIDFD_SEND_SIGNAL, fd(), 0, MemorySegment.NULL, 0);
            return result < 0 && Native.errno(errno) == LinuxException.ESRCH;
        } catch (Throwable e) {
            throw Native.unchecked(e);
        }
    }
}
