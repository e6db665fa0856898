// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.linux;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;

/// An instruction of the classic BPF, see `socket(7)` and `bpf(4)`: a program of the kernel that looks
/// at a datagram before it is queued, with an accumulator A and an index register X. One of `seccomp(2)`
/// looks at a system call, see [ForkFilter]. Immutable.
///
/// @param code what it does: the sum of the BPF_X constants of `linux/bpf_common.h`
/// @param ifTrue how many instructions a comparison skips if it holds
/// @param ifFalse how many it skips if it does not
/// @param value its operand, by the code
public record BpfInstruction(int code, int ifTrue, int ifFalse, int value) {
    // struct sock_filter {u16 code @0, u8 jt @2, u8 jf @3, u32 k @4}, linux/filter.h
    private static final int BYTES = 8;

    // struct sock_fprog {u16 len @0, struct sock_filter *filter @8}, linux/filter.h
    private static final int PROGRAM_BYTES = 16;
    private static final long PROGRAM_FILTER = 8;

    private static final int LD_W_ABS = 0x20; // BPF_LD | BPF_W | BPF_ABS
    private static final int TAX = 0x07; // BPF_MISC | BPF_TAX
    private static final int JEQ_K = 0x15; // BPF_JMP | BPF_JEQ | BPF_K
    private static final int JEQ_X = 0x1d; // BPF_JMP | BPF_JEQ | BPF_X
    private static final int RET_K = 0x06; // BPF_RET | BPF_K

    /// {@return an instruction that loads 32 bits into A, taken for a number in network order; a
    /// datagram that ends before them is dropped}
    ///
    /// @param offset where they begin, in bytes from the start of the datagram
    public static BpfInstruction load(int offset) {
        return new BpfInstruction(LD_W_ABS, 0, 0, offset);
    }

    /// {@return an instruction that copies A to X}
    public static BpfInstruction copyToIndex() {
        return new BpfInstruction(TAX, 0, 0, 0);
    }

    /// {@return an instruction that compares A with a number, and skips others}
    ///
    /// @param number the number, in network order as it was loaded
    /// @param ifTrue how many are skipped if they are equal, at most 255
    /// @param ifFalse how many are skipped if not, at most 255
    public static BpfInstruction ifEqual(int number, int ifTrue, int ifFalse) {
        return new BpfInstruction(JEQ_K, ifTrue, ifFalse, number);
    }

    /// {@return an instruction that compares A with X, and skips others}
    ///
    /// @param ifTrue how many are skipped if they are equal, at most 255
    /// @param ifFalse how many are skipped if not, at most 255
    public static BpfInstruction ifEqualToIndex(int ifTrue, int ifFalse) {
        return new BpfInstruction(JEQ_X, ifTrue, ifFalse, 0);
    }

    /// {@return an instruction that ends the program: the datagram is queued}
    public static BpfInstruction accept() {
        return new BpfInstruction(RET_K, 0, 0, -1); // how many of its bytes, at most
    }

    /// {@return an instruction that ends the program: the datagram is dropped, and not counted as
    /// such}
    public static BpfInstruction drop() {
        return new BpfInstruction(RET_K, 0, 0, 0);
    }

    /// {@return a program as the kernel takes it, a `struct sock_fprog`}
    ///
    /// @param arena what its memory belongs to
    /// @param instructions the program
    static MemorySegment program(Arena arena, List<BpfInstruction> instructions) {
        MemorySegment filter = arena.allocate((long) instructions.size() * BYTES, Integer.BYTES);
        long at = 0;
        for (BpfInstruction instruction : instructions) {
            filter.set(JAVA_SHORT, at, (short) instruction.code());
            filter.set(JAVA_BYTE, at + 2, (byte) instruction.ifTrue());
            filter.set(JAVA_BYTE, at + 3, (byte) instruction.ifFalse());
            filter.set(JAVA_INT, at + 4, instruction.value());
            at += BYTES;
        }
        MemorySegment program = arena.allocate(PROGRAM_BYTES, Long.BYTES);
        program.set(JAVA_SHORT, 0, (short) instructions.size());
        program.set(ADDRESS, PROGRAM_FILTER, filter);
        return program;
    }
}
