// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.gate.impl;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.Test;
import org.taskwatch.linux.SeccompListener.Notification;

/// Which calls fork, with which flags.
public class ForkCallTest {
    private static final int X86_64 = 0xC000003E;
    private static final int I386 = 0x40000003;
    private static final int AARCH64 = 0xC00000B7;
    private static final long GARBAGE = 0xABCD_0000_0000L;

    private static long flags(int architecture, int number, long argument) {
        return ForkCall.flags(new Notification(1, 2, number, architecture, 3, argument));
    }

    @Test
    public void shouldKnowForkVforkAndCloneOfEachArchitecture() {
        assertThat(flags(X86_64, 57, GARBAGE)).isEqualTo(17);
        assertThat(flags(X86_64, 58, GARBAGE)).isEqualTo(0x4111);
        assertThat(flags(X86_64, 56, 0x1200011)).isEqualTo(0x1200011);
        assertThat(flags(I386, 2, GARBAGE)).isEqualTo(17);
        assertThat(flags(I386, 190, GARBAGE)).isEqualTo(0x4111);
        assertThat(flags(AARCH64, 220, 0x11)).isEqualTo(0x11);
    }

    @Test
    public void shouldLeaveTheUpperHalfOfFlagsOut() {
        assertThat(flags(I386, 120, GARBAGE | 0x8000_0011L)).isEqualTo(0x8000_0011L);
    }

    @Test
    public void shouldNotTakeThreadsAndOtherCallsForForks() {
        assertThat(flags(X86_64, 56, 0x3d0f00)).isEqualTo(ForkCall.NONE);
        assertThat(flags(X86_64, 39, 0)).isEqualTo(ForkCall.NONE);
        assertThat(flags(X86_64, 435, 0)).isEqualTo(ForkCall.NONE);
        assertThat(flags(AARCH64, 57, 0)).isEqualTo(ForkCall.NONE);
        assertThat(flags(1, 57, 0)).isEqualTo(ForkCall.NONE);
    }
}
