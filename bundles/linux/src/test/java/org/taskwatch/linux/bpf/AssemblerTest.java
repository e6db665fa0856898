// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.linux.bpf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.taskwatch.linux.bpf.Register.FRAME;
import static org.taskwatch.linux.bpf.Register.R0;
import static org.taskwatch.linux.bpf.Register.R1;
import static org.taskwatch.linux.bpf.Register.R2;
import static org.taskwatch.linux.bpf.Register.R6;
import static org.taskwatch.linux.bpf.Register.R7;
import static org.taskwatch.linux.bpf.Register.R9;

import org.junit.Test;

/// The instructions that programs are made of: their words are what the kernel's own tools show of the
/// same lines.
public class AssemblerTest {
    private static final long EXIT = 0x95;

    private final Assembler program = new Assembler();

    private long[] words() {
        return program.exit().assemble().words();
    }

    @Test
    public void shouldComputeWithRegistersAndNumbers() {
        program.move(R6, R1) // r6 = r1
                .move(R0, -1) // r0 = -1
                .compute(Operation.ADD, R2, R9) // r2 += r9
                .compute(Operation.AND, R2, 0x7fff_0000) // r2 &= 2147418112
                .compute(Operation.SHIFT_RIGHT, R2, 32) // r2 >>= 32
                .compute(Operation.SHIFT_RIGHT_SIGNED, R2, 63); // r2 s>>= 63

        assertThat(words())
                .containsExactly(
                        0x16bfL,
                        0xffff_ffff_0000_00b7L,
                        0x920fL,
                        0x7fff_0000_0000_0257L,
                        0x0000_0020_0000_0277L,
                        0x0000_003f_0000_02c7L,
                        EXIT);
    }

    @Test
    public void shouldLoadAndStoreEachSize() {
        program.load(Size.DOUBLE, R1, R6, 8) // r1 = *(u64 *)(r6 + 8)
                .load(Size.WORD, R1, R6, 1000) // r1 = *(u32 *)(r6 + 1000)
                .load(Size.HALF, R1, R6, 0) // r1 = *(u16 *)(r6 + 0)
                .load(Size.BYTE, R1, R6, -1) // r1 = *(u8 *)(r6 - 1)
                .store(Size.DOUBLE, FRAME, -8, R1) // *(u64 *)(r10 - 8) = r1
                .store(Size.WORD, R7, 4, R1) // *(u32 *)(r7 + 4) = r1
                .store(Size.HALF, R7, 4, 258) // *(u16 *)(r7 + 4) = 258
                .store(Size.DOUBLE, R7, 16, -1); // *(u64 *)(r7 + 16) = -1

        assertThat(words())
                .containsExactly(
                        0x0008_6179L,
                        0x03e8_6161L,
                        0x0000_6169L,
                        0xffff_6171L,
                        0xfff8_1a7bL,
                        0x0004_1763L,
                        0x0000_0102_0004_076aL,
                        0xffff_ffff_0010_077aL,
                        EXIT);
    }

    @Test
    public void shouldLoadMapsAndTheirValuesWithTwoInstructions() {
        program.moveMap(R1, 17) // r1 = map[17]
                .moveValueAddress(R2, 18, 64); // r2 = map[18][0] + 64

        assertThat(words())
                .containsExactly(
                        0x0000_0011_0000_1118L,
                        0L,
                        0x0000_0012_0000_2218L,
                        0x0000_0040_0000_0000L,
                        EXIT);
    }

    @Test
    public void shouldCallHelpersAndAddAtomically() {
        program.call(Helper.MONOTONIC_NANOS)
                .addAtomically(R0, 8, R1); // lock *(u64 *)(r0 + 8) += r1

        assertThat(words()).containsExactly(0x0000_0005_0000_0085L, 0x0008_10dbL, EXIT);
    }

    @Test
    public void shouldJumpForwardsAndBackwards() {
        Label again = program.label("again");
        Label out = program.label("out");
        program.jumpIf(R1, Condition.EQUAL, 0, out) // if r1 == 0 goto +3
                .bind(again)
                .compute(Operation.SUBTRACT, R1, 1) // r1 -= 1
                .jumpIf(R1, Condition.GREATER, R2, again) // if r1 s> r2 goto -2
                .jump(out) // goto +0
                .bind(out);

        assertThat(words())
                .containsExactly(
                        0x0003_0115L, 0x0000_0001_0000_0117L, 0xfffe_216dL, 0x0000_0005L, EXIT);
    }

    @Test
    public void shouldJumpOverBothHalvesOfALongNumber() {
        Label out = program.label("out");
        program.jump(out).moveMap(R0, 1).bind(out);

        assertThat(words()[0]).isEqualTo(0x0002_0005L);
    }

    @Test
    public void shouldSayWhatAnInstructionIsFor() {
        Code code = program.comment("return 0").move(R0, 0).exit().assemble();

        assertThat(code.comment(0)).isEqualTo("return 0");
        assertThat(code.comment(2)).isEmpty();
        assertThat(code)
                .hasToString(
                        "   0: 00000000000000b7 // return 0%n   1: 0000000000000095%n".formatted());
    }

    @Test
    public void shouldRefuseALabelThatIsNotBoundOrBoundTwiceOrOfAnotherProgram() {
        Label place = program.label("place");
        program.comment("goto place").jump(place).exit();
        assertThatThrownBy(program::assemble)
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("the label place is not bound, at: goto place");
        program.bind(place);
        assertThatThrownBy(program::assemble)
                .hasMessage("the label place is behind the end, at: goto place");
        assertThatThrownBy(() -> program.bind(place))
                .hasMessage("the label place at two places is not possible, at: goto place");
        assertThatThrownBy(() -> new Assembler().jump(place))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("a jump to the label place of another program is not possible");
    }

    @Test
    public void shouldJumpAsFarAsAnOffsetReachesAndNoFarther() {
        Label near = program.label("near");
        program.jump(near);
        for (int i = 0; i < Short.MAX_VALUE; i++) {
            program.move(R0, 0);
        }
        assertThat(program.bind(near).exit().assemble().words()[0]).isEqualTo(0x7fff_0005L);

        Label far = program.label("far");
        program.jump(far);
        for (int i = 0; i <= Short.MAX_VALUE; i++) {
            program.move(R0, 0);
        }
        program.bind(far).exit();
        assertThatThrownBy(program::assemble).hasMessage("the label far is too far from a jump");
    }

    @Test
    public void shouldRefuseWhatTheVerifierIsSureToRefuse() {
        assertThatThrownBy(program::assemble).hasMessage("the program is empty");
        assertThatThrownBy(() -> program.move(FRAME, 0))
                .hasMessage("a change of FRAME is not possible");
        assertThatThrownBy(() -> program.load(Size.WORD, FRAME, R1, 0))
                .hasMessageContaining("FRAME");
        assertThatThrownBy(() -> program.store(Size.DOUBLE, FRAME, -520, 0))
                .hasMessage("an access to the stack at -520 is not possible");
        assertThatThrownBy(() -> program.load(Size.DOUBLE, R1, FRAME, -4))
                .hasMessage("an access to the stack at -4 is not possible");
        assertThatThrownBy(() -> program.load(Size.WORD, R1, R6, 32768))
                .hasMessage("an offset of 32768 is not possible");
        assertThatThrownBy(() -> program.compute(Operation.SHIFT_LEFT, R1, 64))
                .hasMessage("a shift by 64 is not possible");
        assertThatThrownBy(() -> program.compute(Operation.DIVIDE, R1, 0))
                .hasMessage("a division by 0 is not possible");
        assertThatThrownBy(() -> program.move(R0, 0).assemble())
                .hasMessage("the program does not end");
    }

    @Test
    public void shouldRefuseMoreInstructionsThanTheKernelTakes() {
        for (int i = 0; i < Encoder.MOST_INSTRUCTIONS; i++) {
            program.move(R0, 0);
        }
        assertThatThrownBy(program::exit)
                .hasMessage("more than 1000000 instructions is not possible");
    }
}
