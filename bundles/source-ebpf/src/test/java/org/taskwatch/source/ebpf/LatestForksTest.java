// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.source.ebpf;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.Test;

import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;

/// What the slots say.
public class LatestForksTest {
    private static final long NOW = TimeUnit.DAYS.toNanos(400); // the bits of a time are for 52
    private static final long UNIT = 1 << LatestForks.UNIT_SHIFT;
    private static final int TID = 4_000_000;
    private static final int NEIGHBOUR = TID - LatestForks.SLOTS; // has the same slot

    private long slot;

    private void forked(int tid, long nanos) {
        slot = nanos >> LatestForks.UNIT_SHIFT << LatestForks.TID_BITS | tid;
    }

    private OptionalLong latest(long sinceNanos) {
        return LatestForks.nanos(TID, sinceNanos, slot, NOW);
    }

    @Test
    public void shouldTellTheLatestForkRoundedUp() {
        for (long age : new long[] {0, 1, UNIT, TimeUnit.DAYS.toNanos(26)}) {
            forked(TID, NOW - age);
            assertThat(latest(0).orElseThrow()).isBetween(NOW - age, NOW - age + UNIT);
        }
    }

    @Test
    public void shouldKnowThatAThreadHasNotForkedSinceAnotherOneHadTheSlot() {
        assertThat(latest(NOW)).as("nobody had it").hasValue(Long.MIN_VALUE);
        forked(NEIGHBOUR, NOW - TimeUnit.SECONDS.toNanos(3));
        assertThat(latest(NOW)).hasValue(Long.MIN_VALUE);
        assertThat(latest(NOW - TimeUnit.SECONDS.toNanos(4))).as("it may have before").isEmpty();
    }

    @Test
    public void shouldNotTrustTheTimeOfAnotherOneThatMayHaveBeenWrittenLate() {
        for (long age : new long[] {10 * UNIT, 0, -UNIT}) { // the last one by a clock that is ahead
            forked(NEIGHBOUR, NOW - age);
            assertThat(latest(NOW)).isEmpty();
        }
    }
}
