// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.linux.bpf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.Test;
import org.taskwatch.testing.Needs;

import java.nio.ByteBuffer;
import java.util.Random;

/// The types of a kernel: those of a BTF made by hand, of damaged ones, and of the kernel that runs the
/// test.
public class BtfTest {
    private static final int UNION = BtfTypes.UNION;
    private static final int POINTER = 2;

    private final BtfBytes made = new BtfBytes();
    private final int number = made.integer("int", 4, 32);

    @Test
    public void shouldFindAFieldByTheNamesOnTheWayToIt() throws Exception {
        int counter = made.struct("", 4, "counter", number, 0);
        int atomic = made.typedef("atomic_t", made.add("", BtfTypes.CONST, 0, counter));
        made.struct("signal_struct", 16, "sigcnt", number, 0, "live", atomic, 64);
        Btf btf = made.read();

        assertThat(btf.offset("signal_struct.sigcnt")).isZero();
        assertThat(btf.offset("signal_struct.live")).isEqualTo(8);
        assertThat(btf.offset("signal_struct.live.counter")).isEqualTo(8);
        assertThat(btf.hasField("signal_struct.live.lock")).isFalse();
    }

    @Test
    public void shouldLookThroughMembersWithoutAName() throws Exception {
        int inner = made.struct("", 8, "first", number, 0, "second", number, 32);
        int union = made.add("", UNION, 1, 8, 0, inner, 0);
        made.struct("outer", 24, "head", number, 0, "", union, 64, "tail", number, 128);
        Btf btf = made.read();

        assertThat(btf.offset("outer.second")).isEqualTo(12);
        assertThat(btf.offset("outer.tail")).isEqualTo(16);
    }

    @Test
    public void shouldNameWhatIsMissing() throws Exception {
        made.struct("task_struct", 8, "pid", number, 0);
        Btf btf = made.read();

        assertThatThrownBy(() -> btf.offset("task_struct.start_boottime"))
                .isInstanceOf(BpfException.class)
                .hasMessage("this kernel has no field task_struct.start_boottime");
        assertThatThrownBy(() -> btf.offset("css_set.dfl_cgrp"))
                .hasMessage("this kernel has no field css_set.dfl_cgrp");
        assertThatThrownBy(() -> btf.offset("upid.nr"))
                .hasMessage("this kernel has no field upid.nr");
        assertThatThrownBy(() -> btf.tracepoint("sched_prepare_exec"))
                .hasMessage("this kernel has no tracepoint sched_prepare_exec");
        assertThatThrownBy(() -> btf.offset("task_struct.pid.more"))
                .hasMessage("this kernel has no field task_struct.pid.more");
    }

    @Test
    public void shouldRefuseBitfieldsOfBothKindsAndTakeTheirNeighbours() throws Exception {
        int bit = made.integer("bool", 4, 1);
        made.struct("old", 8, "flag", bit, 3, "whole", number, 32);
        made.structWithBitfields(
                "task_struct", 8, "flag", number, 1 << 24 | 8, "whole", number, 32);
        Btf btf = made.read();

        for (String struct : new String[] {"old", "task_struct"}) {
            assertThatThrownBy(() -> btf.offset(struct + ".flag"))
                    .isInstanceOf(BpfException.class)
                    .hasMessage("the field " + struct + ".flag is a bitfield, which has no offset");
            assertThat(btf.offset(struct + ".whole")).isEqualTo(4);
        }
    }

    @Test
    public void shouldTellTheIdAndTheArgumentsOfATracepoint() throws Exception {
        int prototype = made.add("", BtfTypes.FUNC_PROTO, 3, 0, 0, 0, 0, number, 0, number);
        int pointer = made.add("", POINTER, 0, prototype);
        int tracepoint = made.typedef("btf_trace_task_newtask", pointer);
        Btf btf = made.read();

        assertThat(btf.tracepoint("task_newtask")).isEqualTo(tracepoint);
        assertThat(btf.arguments("task_newtask")).isEqualTo(2);
    }

    @Test
    public void shouldFindEachOfThousandsOfNamesAndTheFirstOfTwoThatAreEqual() throws Exception {
        for (int i = 0; i < 5000; i++) {
            made.struct("struct" + i, 8000, "at", number, i * Byte.SIZE);
        }
        made.struct("struct7", 8000, "at", number, 6000 * Byte.SIZE);
        Btf btf = made.read();

        for (int i = 0; i < 5000; i++) {
            assertThat(btf.offset("struct" + i + ".at")).isEqualTo(i);
        }
    }

    @Test
    public void shouldRefuseTypesThatStandForThemselves() throws Exception {
        made.struct("loop", 4, "me", 3, 0);
        made.typedef("a", 4);
        made.typedef("b", 3);
        assertThatThrownBy(() -> made.read().hasField("loop.me.x"))
                .isInstanceOf(BpfException.class)
                .hasMessageEndingWith("one stands for itself");

        BtfBytes nested = new BtfBytes();
        nested.struct("nested", 4, "", 1, 0);
        assertThatThrownBy(() -> nested.read().hasField("nested.x"))
                .isInstanceOf(BpfException.class)
                .hasMessageEndingWith("a struct is in itself");
    }

    @Test
    public void shouldRefuseWhatIsNoBtfOrIsCut() {
        made.struct("task_struct", 8, "pid", number, 0);
        byte[] bytes = made.bytes();
        for (int length = 0; length < bytes.length; length++) {
            int cut = length;
            assertThatThrownBy(() -> Btf.of(ByteBuffer.wrap(bytes, 0, cut)))
                    .as("%d bytes", cut)
                    .isInstanceOf(BpfException.class)
                    .hasMessageStartingWith("can't read the kernel's types (BTF): ");
        }
        bytes[0] = 0;
        assertThatThrownBy(() -> Btf.of(ByteBuffer.wrap(bytes)))
                .hasMessageEndingWith("it does not begin as one of this machine does");
    }

    @Test
    public void shouldEndWithAnAnswerOrAnErrorWhateverTheBytes() {
        int inner = made.struct("", 8, "pid", number, 0);
        made.struct("task_struct", 8, "", inner, 0);
        made.typedef("btf_trace_x", number);
        byte[] right = made.bytes();
        Random random = new Random(42);
        int refused = 0;
        for (int round = 0; round < 100_000; round++) {
            byte[] bytes = right.clone();
            for (int i = random.nextInt(4); i >= 0; i--) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
            }
            try {
                Btf btf = Btf.of(ByteBuffer.wrap(bytes));
                btf.hasField("task_struct.pid");
                btf.arguments("x");
            } catch (BpfException _) {
                refused++;
            }
        }
        assertThat(refused).isPositive();
    }

    @Test
    public void shouldKnowTheTypesOfThisKernel() throws Exception {
        Needs.bpf();
        Btf btf = Btf.ofKernel();

        assertThat(btf.offset("task_struct.pid")).isPositive();
        assertThat(btf.offset("task_struct.tgid")).isEqualTo(btf.offset("task_struct.pid") + 4);
        assertThat(btf.offset("signal_struct.live.counter")).isPositive();
        assertThat(btf.arguments("task_newtask")).isEqualTo(2);
        assertThatThrownBy(() -> btf.offset("task_struct.sched_reset_on_fork"))
                .hasMessageContaining("bitfield");
    }
}
