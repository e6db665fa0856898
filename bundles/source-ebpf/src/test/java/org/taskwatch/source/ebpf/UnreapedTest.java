// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.source.ebpf;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.Test;
import org.taskwatch.source.TaskRecord.Kind;

/// The search for processes that were reaped without a word of the kernel: with real pids, as none of these
/// tests reaps the process that runs it.
public class UnreapedTest {
    private static final int SELF = (int) ProcessHandle.current().pid();
    private static final long START = 5;
    private static final long LONG_AGO = System.nanoTime() - 10_000_000_000L;

    private final Unreaped unreaped = new Unreaped();
    private final Records records = new Records();
    private long now = System.nanoTime();

    private static int reaped() throws Exception {
        Process process = new ProcessBuilder("/bin/true").start();
        process.waitFor();
        return (int) process.pid();
    }

    @Test
    public void shouldTellOfThoseAloneThatAreGone() throws Exception {
        int gone = reaped();
        unreaped.ended(SELF, LONG_AGO, START);
        unreaped.ended(gone, LONG_AGO, START);
        sweepTwice();

        assertThat(records.all()).hasSize(1);
        assertThat(records.only(Kind.FREED, gone).pid()).isEqualTo(gone);
    }

    /// It is told when the kernel had time to tell it, after it was seen to be gone.
    private void sweepTwice() throws Exception {
        sweep();
        sweep();
    }

    /// 100 ms after the last one.
    private void sweep() throws Exception {
        now += 100_000_000;
        unreaped.sweep(records, now);
    }

    @Test
    public void shouldLeaveTheKernelMoreTimeWhileUsageIsWanted() throws Exception {
        int gone = reaped();
        unreaped.demand(true);
        unreaped.ended(gone, LONG_AGO, START);
        sweepTwice();
        assertThat(records.all()).isEmpty();

        unreaped.demand(false);
        sweep();
        assertThat(records.has(Kind.FREED, gone)).isTrue();
    }

    @Test
    public void shouldLeaveTheKernelItsTime() throws Exception {
        unreaped.ended(reaped(), now + 1, START);
        sweep();
        unreaped.ended(reaped(), LONG_AGO, START);
        sweep();
        assertThat(records.all()).isEmpty();
    }

    @Test
    public void shouldNotTellWhatWasTold() throws Exception {
        int gone = reaped();
        unreaped.ended(gone, LONG_AGO, START);
        unreaped.reaped(gone, START);
        sweep();

        assertThat(records.all()).isEmpty();
        assertThat(unreaped.untilSweep(now)).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    public void shouldGoOnLookingForTheNewOwnerOfAPidWhoseOldOneIsToldLate() throws Exception {
        int gone = reaped();
        unreaped.ended(gone, LONG_AGO, START);
        unreaped.reaped(gone, START - 1);
        sweepTwice();

        assertThat(records.has(Kind.FREED, gone)).isTrue();
    }

    @Test
    public void shouldLookNoMoreForAnOwnerWhosePidHasAnother() throws Exception {
        int gone = reaped();
        unreaped.ended(gone, LONG_AGO, Unreaped.UNKNOWN);
        unreaped.gone(gone);

        assertThat(unreaped.untilSweep(now)).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    public void shouldLookLessAndLessOftenWhileNothingIsFoundAndSoonAfterTheNextEnd()
            throws Exception {
        unreaped.ended(SELF, LONG_AGO, START);
        assertThat(unreaped.untilSweep(now)).isNegative();
        for (int i = 0; i < 10; i++) {
            sweep();
        }
        assertThat(unreaped.untilSweep(now)).isEqualTo(3_200_000_000L);

        unreaped.ended(SELF + 1, now + 1, START);
        assertThat(unreaped.untilSweep(now)).isEqualTo(100_000_000);
    }

    @Test
    public void shouldLookForSomeOfManyInTurn() throws Exception {
        for (int i = 0; i < Unreaped.LOOKS; i++) {
            unreaped.ended(-1 - i, LONG_AGO, START); // no process has such a pid
        }
        int gone = reaped();
        unreaped.ended(gone, LONG_AGO, START);
        sweepTwice();
        assertThat(records.has(Kind.FREED, gone)).isFalse();

        sweepTwice();
        assertThat(records.has(Kind.FREED, gone)).isTrue();
    }
}
