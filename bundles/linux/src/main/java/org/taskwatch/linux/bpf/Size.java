// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.linux.bpf;

/// How much of the memory is loaded or stored. What is loaded is filled up with zeros.
public enum Size {
    /// 8 bits.
    BYTE(0x10, 1),

    /// 16 bits.
    HALF(0x08, 2),

    /// 32 bits.
    WORD(0x00, 4),

    /// 64 bits.
    DOUBLE(0x18, 8);

    /// BPF_B, BPF_H, BPF_W or BPF_DW of `linux/bpf_common.h` and `linux/bpf.h`.
    final int code;

    private final int bytes;

    Size(int code, int bytes) {
        this.code = code;
        this.bytes = bytes;
    }

    /// {@return the same in bytes}
    public int bytes() {
        return bytes;
    }
}
