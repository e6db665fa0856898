// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.linux;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import org.jspecify.annotations.Nullable;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/// A file descriptor that stands for one process, never for another that got the same pid later,
/// see `pidfd_open(2)`. An [Epoll] reports [Epoll#READABLE] on it when all threads of the process
/// have exited, and [Epoll#HANG_UP] when the process has been reaped, on kernels that report it
/// (6.9 and later); [#isReaped] asks on any.
public final class PidFd extends Descriptor {
    // struct pollfd {int fd @0, short events @4, short revents @6}, asm-generic/poll.h
    private static final int POLL_BYTES = 8;
    private static final long POLL_EVENTS = 4;
    private static final short POLLIN = 1;

    // struct timespec {long tv_sec, tv_nsec}, linux/time_types.h
    private static final int TIMESPEC_BYTES = 16;

    private PidFd(int fd) {
        super(fd);
    }

    /// Opens the descriptor of a process, which may be a zombie.
    ///
    /// @param pid its pid
    /// @return the descriptor, null if the pid is that of a thread or of nothing
    /// @throws LinuxException EMFILE or ENFILE if there are too many open files, ENOMEM
    public static @Nullable PidFd open(int pid) throws LinuxException {
        long fd = SystemCall.PIDFD_OPEN.call(pid, 0);
        return fd < 0 ? none(pid, (int) -fd) : new PidFd((int) fd);
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
            MemorySegment asked = arena.allocate(POLL_BYTES, Integer.BYTES);
            asked.set(JAVA_INT, 0, fd());
            asked.set(JAVA_SHORT, POLL_EVENTS, POLLIN);
            MemorySegment atOnce = arena.allocate(TIMESPEC_BYTES, Long.BYTES);
            return SystemCall.PPOLL.call(asked.address(), 1, atOnce.address()) > 0;
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
            MemorySegment info = signal.siginfo(arena);
            long answer =
                    SystemCall.PIDFD_SEND_SIGNAL.call(fd(), signal.number(), info.address(), 0);
            if (answer == -LinuxException.EAGAIN) {
                return false;
            }
            SystemCall.check(answer, "pidfd_send_signal of " + signal);
            return true;
        }
    }

    /// {@return whether the process has been reaped, and so its pid may be used again}
    public boolean isReaped() {
        // Signal 0 only asks; a zombie is still there, and EPERM too says that it is there.
        return SystemCall.PIDFD_SEND_SIGNAL.call(fd(), 0, SystemCall.NULL, 0)
                == -LinuxException.ESRCH;
    }
}
