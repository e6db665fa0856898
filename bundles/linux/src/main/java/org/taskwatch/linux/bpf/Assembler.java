// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.linux.bpf;

import static org.taskwatch.linux.bpf.Register.FRAME;

/// Makes the code of a program, one instruction with each call, in the order in which they are to run. For
/// one thread.
///
/// What the kernel's verifier is sure to refuse is refused here, where the line of the program is known:
/// each method throws [IllegalArgumentException], and [#assemble] [IllegalStateException]. What only the
/// verifier can find, it tells with the [#comment] of the instruction.
public final class Assembler {
    private static final int STACK_BYTES = 512; // MAX_BPF_STACK, linux/filter.h

    // The classes and modes of operations, linux/bpf_common.h and linux/bpf.h
    private static final int LD_IMM_DW = 0x18; // BPF_LD | BPF_IMM | BPF_DW
    private static final int LDX_MEM = 0x61; // BPF_LDX | BPF_MEM
    private static final int ST_MEM = 0x62; // BPF_ST | BPF_MEM
    private static final int STX_MEM = 0x63; // BPF_STX | BPF_MEM
    private static final int STX_ATOMIC = 0xc3; // BPF_STX | BPF_ATOMIC
    private static final int ALU64 = 0x07;
    private static final int JMP = 0x05;
    private static final int BY_REGISTER = 0x08; // BPF_X: with a register, else with a number
    private static final int JA = 0x00;
    private static final int CALL = 0x80;
    private static final int EXIT = 0x90;

    // What an LD_IMM_DW loads: its field for the source.
    private static final int PSEUDO_MAP_FD = 1;
    private static final int PSEUDO_MAP_VALUE = 2;

    private final Encoder encoder = new Encoder();

    /// Makes one for a new program.
    public Assembler() {}

    /// Says what the next instructions are for, in C where that says it best.
    ///
    /// @param text for the reader of an error
    /// @return this
    public Assembler comment(String text) {
        encoder.comment(text);
        return this;
    }

    /// {@return a new place that is not bound yet}
    ///
    /// @param name for the reader of an error
    public Label label(String name) {
        return encoder.label(name);
    }

    /// Makes a label stand for the next instruction.
    ///
    /// @param label one of this program that is not bound yet
    /// @return this
    public Assembler bind(Label label) {
        encoder.bind(label);
        return this;
    }

    /// `to = to OPERATION from`.
    ///
    /// @param operation what is computed
    /// @param to takes the result
    /// @param from the second operand
    /// @return this
    public Assembler compute(Operation operation, Register to, Register from) {
        return emit(ALU64 | BY_REGISTER | operation.code, changed(to), from.ordinal(), 0, 0);
    }

    /// `to = to OPERATION number`.
    ///
    /// @param operation what is computed
    /// @param to takes the result
    /// @param number the second operand, which is extended to 64 bits by its sign
    /// @return this
    public Assembler compute(Operation operation, Register to, int number) {
        encoder.require(!operation.isShift() || number >= 0 && number < 64, "a shift by " + number);
        encoder.require(!operation.isDivision() || number != 0, "a division by 0");
        return emit(ALU64 | operation.code, changed(to), 0, 0, number);
    }

    /// `to = from`.
    ///
    /// @param to takes the value
    /// @param from has it
    /// @return this
    public Assembler move(Register to, Register from) {
        return compute(Operation.MOVE, to, from);
    }

    /// `to = number`.
    ///
    /// @param to takes the number
    /// @param number is extended to 64 bits by its sign
    /// @return this
    public Assembler move(Register to, int number) {
        return compute(Operation.MOVE, to, number);
    }

    /// `to = map`, as helpers take it.
    ///
    /// @param to takes the address
    /// @param map the number of its descriptor
    /// @return this
    public Assembler moveMap(Register to, int map) {
        return emitLong(to, PSEUDO_MAP_FD, map, 0);
    }

    /// `to = &value[offset]`, of the one value of an array.
    ///
    /// @param to takes the address
    /// @param array the number of its descriptor
    /// @param offset of a byte in the value
    /// @return this
    public Assembler moveValueAddress(Register to, int array, int offset) {
        encoder.require(offset >= 0, "an offset of " + offset + " in a map");
        return emitLong(to, PSEUDO_MAP_VALUE, array, offset);
    }

    /// `to = *(size *) (base + offset)`.
    ///
    /// @param size how much is loaded
    /// @param to takes it
    /// @param base the address
    /// @param offset is added to it
    /// @return this
    public Assembler load(Size size, Register to, Register base, int offset) {
        requireOnStack(size, base, offset);
        return emit(LDX_MEM | size.code, changed(to), base.ordinal(), offset, 0);
    }

    /// `*(size *) (base + offset) = from`.
    ///
    /// @param size how much is stored
    /// @param base the address
    /// @param offset is added to it
    /// @param from has the value
    /// @return this
    public Assembler store(Size size, Register base, int offset, Register from) {
        requireOnStack(size, base, offset);
        return emit(STX_MEM | size.code, base.ordinal(), from.ordinal(), offset, 0);
    }

    /// `*(size *) (base + offset) = number`.
    ///
    /// @param size how much is stored
    /// @param base the address
    /// @param offset is added to it
    /// @param number is extended to 64 bits by its sign
    /// @return this
    public Assembler store(Size size, Register base, int offset, int number) {
        requireOnStack(size, base, offset);
        return emit(ST_MEM | size.code, base.ordinal(), 0, offset, number);
    }

    /// `*(u64 *) (base + offset) += from`, as one step for all processors.
    ///
    /// @param base the address
    /// @param offset is added to it
    /// @param from what is added
    /// @return this
    public Assembler addAtomically(Register base, int offset, Register from) {
        requireOnStack(Size.DOUBLE, base, offset);
        int operation = STX_ATOMIC | Size.DOUBLE.code;
        return emit(operation, base.ordinal(), from.ordinal(), offset, Operation.ADD.code);
    }

    /// `R0 = helper(R1, R2, R3, R4, R5)`; R1 to R5 can't be read after it.
    ///
    /// @param helper which
    /// @return this
    public Assembler call(Helper helper) {
        return emit(JMP | CALL, 0, 0, 0, helper.number);
    }

    /// `goto target`.
    ///
    /// @param target where to
    /// @return this
    public Assembler jump(Label target) {
        return emitJump(JMP | JA, 0, 0, 0, target);
    }

    /// `if (a CONDITION b) goto target`.
    ///
    /// @param a is compared
    /// @param condition how
    /// @param b with what
    /// @param target where to
    /// @return this
    public Assembler jumpIf(Register a, Condition condition, Register b, Label target) {
        int operation = JMP | BY_REGISTER | condition.code;
        return emitJump(operation, a.ordinal(), b.ordinal(), 0, target);
    }

    /// `if (a CONDITION number) goto target`.
    ///
    /// @param a is compared
    /// @param condition how
    /// @param number is extended to 64 bits by its sign
    /// @param target where to
    /// @return this
    public Assembler jumpIf(Register a, Condition condition, int number, Label target) {
        return emitJump(JMP | condition.code, a.ordinal(), 0, number, target);
    }

    /// `return R0`.
    ///
    /// @return this
    public Assembler exit() {
        return emit(JMP | EXIT, 0, 0, 0, 0);
    }

    /// {@return the program}
    ///
    /// @throws IllegalStateException if a label that is jumped to is not bound or too far away, or if the
    ///     program is empty or goes on after its last instruction
    public Code assemble() {
        return encoder.link(JMP | EXIT, JMP | JA);
    }

    private Assembler emit(int operation, int to, int from, int offset, int number) {
        encoder.add(operation, to, from, offset, number);
        return this;
    }

    private Assembler emitLong(Register to, int kind, int low, int high) {
        emit(LD_IMM_DW, changed(to), kind, 0, low);
        return emit(0, 0, 0, 0, high);
    }

    private Assembler emitJump(int operation, int a, int b, int number, Label target) {
        encoder.addJump(operation, a, b, number, target);
        return this;
    }

    private int changed(Register to) {
        encoder.require(to != FRAME, "a change of " + FRAME);
        return to.ordinal();
    }

    private void requireOnStack(Size size, Register base, int offset) {
        encoder.require(
                base != FRAME || offset >= -STACK_BYTES && offset <= -size.bytes(),
                "an access to the stack at " + offset);
    }
}
