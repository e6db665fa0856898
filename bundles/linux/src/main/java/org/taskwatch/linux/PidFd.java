// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.linux;

import org.jspecify.annotations.Nullable;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/// A file descriptor that stands for one process, never for another that got the same pid later,
/// see `pidfd_open(2)`. An [Epoll] reports [Epoll#READABLE] on it when all threads of the process
/// have exited, and [Epoll#HANG_UP] when the process has been reaped, on kernels that report it
/// (6.9 and later); [#isReaped] asks on any.
public final class PidFd extends Descriptor {
    private static final int SIGKILL = 9; // asm-generic/signal.h

    // linux/wait.h
    private static final int P_PIDFD = 3;
    private static final int WNOHANG = 1;
    private static final int WEXITED = 4;

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
        return awaitEnd(0);
    }

    /// {@return as [#isEnded], after it has waited for that}
    ///
    /// @param millis for how long at most; a signal may end the wait early
    boolean awaitEnd(int millis) {
        try (Arena arena = Arena.ofConfined()) {
            return new Poll(arena, fd()).await(millis) > 0;
        } catch (LinuxException e) {
            return false; // the kernel has no memory to ask it with
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

    /// {@return a duplicate of a descriptor of the process, which its caller closes; see `pidfd_getfd(2)`,
    /// since Linux 5.6}
    ///
    /// @param number the number that it has in the process
    /// @throws LinuxException EPERM if this process may not trace that one (`ptrace(2)`), EBADF if it has no
    ///     such descriptor, ESRCH if it has ended, EMFILE
    int take(int number) throws LinuxException {
        long fd = SystemCall.PIDFD_GETFD.call(fd(), number, 0);
        return (int) SystemCall.check(fd, "pidfd_getfd of descriptor " + number);
    }

    /// Ends the process, also one that is stopped. Does nothing if it has ended.
    void kill() {
        // ESRCH: it has been reaped; EPERM can't be for a process of this user.
        SystemCall.PIDFD_SEND_SIGNAL.call(fd(), SIGKILL, SystemCall.NULL, 0);
    }

    /// If the process has ended and is a child of this one, reaps it: what waits for it otherwise finds
    /// none.
    void reap() {
        // ECHILD: it is the child of another, or it has been reaped.
        SystemCall.WAITID.call(P_PIDFD, fd(), SystemCall.NULL, WEXITED | WNOHANG);
    }
}
