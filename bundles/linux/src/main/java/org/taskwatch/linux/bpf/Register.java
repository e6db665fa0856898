// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.linux.bpf;

/// A register of the machine, 64 bits wide. Its number is its ordinal.
public enum Register {
    /// What a helper returns, and at the end the program.
    R0,

    /// The first argument of a helper, and at the beginning the context of the program. A helper
    /// changes this and the others to R5.
    R1,

    /// The second argument of a helper.
    R2,

    /// The third argument of a helper.
    R3,

    /// The fourth argument of a helper.
    R4,

    /// The fifth argument of a helper.
    R5,

    /// Kept by helpers, as the others to R9.
    R6,

    /// Kept by helpers.
    R7,

    /// Kept by helpers.
    R8,

    /// Kept by helpers.
    R9,

    /// The end of the stack, R10 of the kernel; it can't be changed. The 512 bytes below are the program's.
    FRAME
}
