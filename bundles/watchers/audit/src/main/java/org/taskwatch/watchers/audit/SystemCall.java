// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.watchers.audit;

/// What the kernel would have been called for. Which call it was exactly is not known: a fork is written as
/// `clone`, a change of ids as `setuid` and `setgid`, the end of a process as `exit_group`.
enum SystemCall {
    CLONE(56, 220),
    EXECVE(59, 221),
    SETUID(105, 146),
    SETGID(106, 144),
    EXIT_GROUP(231, 94);

    private static final boolean IS_ARM = System.getProperty("os.arch", "").equals("aarch64");

    /// As in `linux/audit.h`: the ELF machine, and that it is little-endian and of 64 bits.
    static final String ARCH = IS_ARM ? "c00000b7" : "c000003e";

    private final int x86;
    private final int arm;

    SystemCall(int x86, int arm) {
        this.x86 = x86;
        this.arm = arm;
    }

    int number() {
        return IS_ARM ? arm : x86;
    }
}
