// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.linux;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.io.File;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/// What this process becomes by `execve(2)`: a program, with what that inherits besides what the kernel hands on
/// by itself. A JVM changes some of it for its own use.
///
/// @param words the command and its arguments, at least one; none has a zero byte
/// @param environment its variables, `NAME=value`, likewise
/// @param blocked the signals that are blocked: bit N - 1 for the signal N, as in `proc_pid_status(5)`
/// @param ignored the signals that are ignored, likewise
/// @param descriptors those that stay open
public record ProcessImage(
        List<byte[]> words,
        List<byte[]> environment,
        long blocked,
        long ignored,
        Set<Integer> descriptors) {
    private static final String DESCRIPTORS = "/proc/self/fd";
    private static final int F_SETFD = 2; // fcntl.h
    private static final int FD_CLOEXEC = 1;

    // The kernel's struct sigaction {handler @0, u64 flags @8, restorer @16, u64 mask @24},
    // linux/signal_types.h
    private static final int SIGACTION_BYTES = 32;
    private static final int SIGSET_BYTES = 8;
    private static final long SIG_IGN = 1; // asm-generic/signal-defs.h
    private static final int SIG_SETMASK = 2;

    /// Becomes the program, which is looked for as `execvp(3)` does.
    ///
    /// It is for the end: if it fails, this process has the signals of the program, and hands on no more descriptors
    /// than that was to get.
    ///
    /// @return the errno that it has failed with
    public int become() {
        Arena arena = Arena.global(); // the program takes the place of all memory
        ProgramCall program = new ProgramCall(arena, words, environment);
        hideOtherDescriptors();
        ignoreSignals(arena);
        long mask = arena.allocateFrom(JAVA_LONG, blocked).address();
        SystemCall.RT_SIGPROCMASK.call(SIG_SETMASK, mask, SystemCall.NULL, SIGSET_BYTES);
        return program.execute();
    }

    /// Most of what the JDK has open would stay open.
    private void hideOtherDescriptors() {
        for (String name : Objects.requireNonNull(new File(DESCRIPTORS).list(), DESCRIPTORS)) {
            int descriptor = Integer.parseInt(name);
            if (!descriptors.contains(descriptor)) {
                SystemCall.FCNTL.call(descriptor, F_SETFD, FD_CLOEXEC);
            }
        }
    }

    /// The JVM handles many, and what is handled becomes the default with another program.
    private void ignoreSignals(Arena arena) {
        MemorySegment action = arena.allocate(SIGACTION_BYTES, Long.BYTES);
        action.set(JAVA_LONG, 0, SIG_IGN);
        for (int signal = 1; signal <= Long.SIZE; signal++) {
            if ((ignored >>> signal - 1 & 1) == 1) {
                SystemCall.RT_SIGACTION.call(
                        signal, action.address(), SystemCall.NULL, SIGSET_BYTES);
            }
        }
    }
}
