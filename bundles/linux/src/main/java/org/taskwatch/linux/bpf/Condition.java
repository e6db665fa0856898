// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.linux.bpf;

/// How two numbers of 64 bits are compared for a jump. The codes are BPF_X of `linux/bpf_common.h` and
/// `linux/bpf.h`.
public enum Condition {
    /// a == b.
    EQUAL(0x10),

    /// a != b.
    NOT_EQUAL(0x50),

    /// a > b, unsigned.
    ABOVE(0x20),

    /// a >= b, unsigned.
    NOT_BELOW(0x30),

    /// a < b, unsigned.
    BELOW(0xa0),

    /// a <= b, unsigned.
    NOT_ABOVE(0xb0),

    /// a > b, signed.
    GREATER(0x60),

    /// a >= b, signed.
    NOT_LESS(0x70),

    /// a < b, signed.
    LESS(0xc0),

    /// a <= b, signed.
    NOT_GREATER(0xd0),

    /// Some bits of b are set in a.
    ANY_BIT(0x40);

    final int code;

    Condition(int code) {
        this.code = code;
    }
}
