// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.linux;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/// The system calls that are used, by their numbers on x86-64 and on aarch64.
///
/// All go through one function of the C library, `syscall(2)`, with six words as arguments. So the JVM
/// makes the code for one kind of native call: for each signature it generates about ten classes,
/// which is 10 ms of a start.
///
/// An address is given as a word. The memory must stay alive until the call returns: it belongs to an
/// arena that the caller closes later, not to one that the garbage collector frees.
///
/// Safe for all threads.
enum SystemCall {
    READ(0, 63),
    WRITE(1, 64),
    CLOSE(3, 57),
    MMAP(9, 222),
    MUNMAP(11, 215),
    RT_SIGACTION(13, 134),
    RT_SIGPROCMASK(14, 135),
    IOCTL(16, 29),
    SOCKET(41, 198),
    CONNECT(42, 203),
    SENDTO(44, 206),
    SENDMSG(46, 211),
    RECVMSG(47, 212),
    BIND(49, 200),
    LISTEN(50, 201),
    SOCKETPAIR(53, 199),
    SETSOCKOPT(54, 208),
    GETSOCKOPT(55, 209),
    EXECVE(59, 221),
    WAIT4(61, 260),
    KILL(62, 129),
    FCNTL(72, 25),
    FCHMOD(91, 52),
    GETPRIORITY(140, 141),
    SETPRIORITY(141, 140),
    SCHED_SETSCHEDULER(144, 119),
    SCHED_GETSCHEDULER(145, 120),
    PRCTL(157, 167),
    MOUNT(165, 40),
    UMOUNT2(166, 39),
    EPOLL_CTL(233, 21),
    WAITID(247, 95),
    OPENAT(257, 56),
    READLINKAT(267, 78),
    FCHMODAT(268, 53),
    PPOLL(271, 73),
    EPOLL_PWAIT(281, 22),
    ACCEPT4(288, 242),
    EVENTFD2(290, 19),
    EPOLL_CREATE1(291, 20),
    RECVMMSG(299, 243),
    PRLIMIT64(302, 261),
    OPEN_BY_HANDLE_AT(304, 265),
    SECCOMP(317, 277),
    MEMFD_CREATE(319, 279),
    BPF(321, 280),
    // Since 5.1 a new call has the same number on every architecture, asm-generic/unistd.h.
    PIDFD_SEND_SIGNAL(424, 424),
    PIDFD_OPEN(434, 434),
    CLOSE_RANGE(436, 436),
    PIDFD_GETFD(438, 438);

    /// The null pointer.
    static final long NULL = 0;

    /// Whether the numbers are those of x86-64, else of aarch64.
    static final boolean IS_X86_64 = isX8664(System.getProperty("os.arch"));

    // long syscall(long number, ...)
    private static final MethodHandle SYSCALL =
            Native.function(
                    "syscall",
                    FunctionDescriptor.of(
                            JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG,
                            JAVA_LONG, JAVA_LONG),
                    Linker.Option.captureCallState("errno"),
                    Linker.Option.firstVariadicArg(1));

    /// Where the C library leaves the errno of the calling thread's last call.
    private static final ThreadLocal<MemorySegment> ERRNO =
            ThreadLocal.withInitial(
                    () -> Arena.ofAuto().allocate(Linker.Option.captureStateLayout()));

    private final int x8664;
    private final int aarch64;

    SystemCall(int x8664, int aarch64) {
        this.x8664 = x8664;
        this.aarch64 = aarch64;
    }

    /// {@return whether the numbers are those of x86-64, else of aarch64}
    ///
    /// @param architecture as `os.arch` names it
    /// @throws IllegalStateException if it is another one: there a number may be that of another call
    static boolean isX8664(String architecture) {
        return switch (architecture) {
            case "amd64" -> true;
            case "aarch64" -> false;
            default ->
                    throw new IllegalStateException(
                            "the system calls of the architecture "
                                    + architecture
                                    + " are not known; use a 64-bit JVM on x86-64 or aarch64");
        };
    }

    /// {@return what the kernel answers: the errno, negative, if the call has failed}
    long call(long a) {
        return call(a, 0);
    }

    /// {@return as [#call(long)]}
    long call(long a, long b) {
        return call(a, b, 0);
    }

    /// {@return as [#call(long)]}
    long call(long a, long b, long c) {
        return call(a, b, c, 0);
    }

    /// {@return as [#call(long)]}
    long call(long a, long b, long c, long d) {
        return call(a, b, c, d, 0);
    }

    /// {@return as [#call(long)]}
    long call(long a, long b, long c, long d, long e) {
        return call(a, b, c, d, e, 0);
    }

    /// {@return as [#call(long)]}
    long call(long a, long b, long c, long d, long e, long f) {
        MemorySegment errno = ERRNO.get();
        long number = IS_X86_64 ? x8664 : aarch64;
        try {
            long result = (long) SYSCALL.invokeExact(errno, number, a, b, c, d, e, f);
            // The layout of what is captured is the errno alone (captureStateLayout on Linux).
            return result == -1 ? -errno.get(JAVA_INT, 0) : result;
        } catch (Throwable t) {
            throw Native.unchecked(t);
        }
    }

    /// {@return what the kernel has answered}
    ///
    /// @param answer what a call has returned
    /// @param operation what was being done, with what
    /// @throws LinuxException if the call has failed
    static long check(long answer, String operation) throws LinuxException {
        if (answer < 0) {
            throw new LinuxException(operation, (int) -answer);
        }
        return answer;
    }
}
