// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.gate.impl;

import org.taskwatch.linux.SeccompListener.Notification;

/// Which system calls fork, by their numbers on each architecture that a program may call them by
/// (`asm/unistd_64.h`, `asm/unistd_32.h`, `asm-generic/unistd.h`).
///
/// clone3 is not among them: its flags are in memory, which other threads can change after they were read. The filter
/// of a gate says that there is none, and then the C library uses clone.
final class ForkCall {
    /// The call makes no process.
    static final long NONE = -1;

    private static final int X86_64 = 0xC000003E; // AUDIT_ARCH_X of linux/audit.h
    private static final int I386 = 0x40000003;
    private static final int AARCH64 = 0xC00000B7;
    private static final int ARM = 0x40000028;

    private static final long SIGCHLD = 17; // asm-generic/signal.h
    private static final long CLONE_VM = 0x100; // linux/sched.h
    private static final long CLONE_VFORK = 0x4000;
    private static final long CLONE_THREAD = 0x10000;
    private static final long LOWER_HALF = 0xFFFF_FFFFL;

    private ForkCall() {}

    /// {@return the flags of `clone(2)` of a call that makes a process, else [#NONE]}
    static long flags(Notification call) {
        return switch (call.architecture()) {
            case X86_64 -> flags(call, 57, 58, 56);
            case I386, ARM -> flags(call, 2, 190, 120);
            case AARCH64 -> flags(call, -1, -1, 220);
            default -> NONE;
        };
    }

    private static long flags(Notification call, int fork, int vfork, int clone) {
        int number = call.number();
        if (number == fork) {
            return SIGCHLD;
        } else if (number == vfork) {
            return CLONE_VFORK | CLONE_VM | SIGCHLD;
        }
        // The kernel takes the lower half of the flags; of a 32-bit call the upper one is no part
        // of them.
        long flags = call.argument() & LOWER_HALF;
        return number == clone && (flags & CLONE_THREAD) == 0 ? flags : NONE;
    }
}
