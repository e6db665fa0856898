// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.linux;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;

/// A signal with what it carries, as `sigaction(2)` describes `siginfo_t`. Immutable.
///
/// @param number its number, 1 to [#MAX]; 0 sends nothing, and only asks whether it could be sent
/// @param code where it says to come from, `si_code`: below 0, and not -6 (SI_TKILL), as all else is
///     the kernel's own
/// @param pid `si_pid`
/// @param uid `si_uid`
/// @param value `si_value.sival_int`, which is `si_int` too
public record Signal(int number, int code, int pid, int uid, int value) {
    /// Sent by `sigqueue(3)`: SI_QUEUE of `asm-generic/siginfo.h`.
    public static final int QUEUE = -1;

    /// Sent as asynchronous input or output has come to its end: SI_ASYNCIO.
    public static final int ASYNCIO = -4;

    /// The first real-time signal that programs may use: the C library keeps those below for itself,
    /// and one of them ends a program that does not expect it, see `signal(7)`.
    public static final int REAL_TIME_MIN = limit("__libc_current_sigrtmin");

    /// The last real-time signal, and so the last signal.
    public static final int MAX = limit("__libc_current_sigrtmax");

    // siginfo_t of asm-generic/siginfo.h: int si_signo @0, si_errno @4, si_code @8, and for signals
    // that are queued, pid_t si_pid @16, uid_t si_uid @20, sigval_t si_value @24
    private static final int BYTES = 128;
    private static final long CODE = 8;
    private static final long PID = 16;
    private static final long UID = 20;
    private static final long VALUE = 24;

    /// {@return the signal as the kernel wants it}
    ///
    /// @param arena whose memory it is
    MemorySegment siginfo(Arena arena) {
        MemorySegment info = arena.allocate(BYTES, Long.BYTES);
        info.set(JAVA_INT, 0, number);
        info.set(JAVA_INT, CODE, code);
        info.set(JAVA_INT, PID, pid);
        info.set(JAVA_INT, UID, uid);
        info.set(JAVA_INT, VALUE, value);
        return info;
    }

    // int __libc_current_sigrtmin(void), int __libc_current_sigrtmax(void): what the macros are
    private static int limit(String name) {
        try {
            return (int) Native.function(name, FunctionDescriptor.of(JAVA_INT)).invokeExact();
        } catch (Throwable e) {
            throw Native.unchecked(e);
        }
    }
}
