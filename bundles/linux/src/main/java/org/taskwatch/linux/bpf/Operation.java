// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.linux.bpf;

/// What can be computed with 64 bits: `a = a OP b`. The codes are BPF_X of `linux/bpf_common.h` and
/// `linux/bpf.h`.
public enum Operation {
    /// a + b.
    ADD(0x00),

    /// a - b.
    SUBTRACT(0x10),

    /// a * b.
    MULTIPLY(0x20),

    /// a / b, unsigned; 0 if b is 0.
    DIVIDE(0x30),

    /// The bits of either.
    OR(0x40),

    /// The bits of both.
    AND(0x50),

    /// a, shifted to the left.
    SHIFT_LEFT(0x60),

    /// a, shifted to the right and filled up with zeros.
    SHIFT_RIGHT(0x70),

    /// a modulo b, unsigned; a if b is 0.
    MODULO(0x90),

    /// The bits of one alone.
    XOR(0xa0),

    /// b.
    MOVE(0xb0),

    /// a, shifted to the right and filled up with its sign.
    SHIFT_RIGHT_SIGNED(0xc0);

    final int code;

    Operation(int code) {
        this.code = code;
    }

    boolean isShift() {
        return this == SHIFT_LEFT || this == SHIFT_RIGHT || this == SHIFT_RIGHT_SIGNED;
    }

    boolean isDivision() {
        return this == DIVIDE || this == MODULO;
    }
}
