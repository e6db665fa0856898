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
        unreaped.sweep(records);
        unreaped.sweep(records);

        assertThat(records.all()).hasSize(1);
        assertThat(records.only(Kind.FREED, gone).pid()).isEqualTo(gone);
    }

    @Test
    public void shouldLeaveTheKernelItsTime() throws Exception {
        unreaped.ended(reaped(), System.nanoTime(), START);
        unreaped.sweep(records);
        assertThat(records.all()).isEmpty();
    }

    @Test
    public void shouldNotTellWhatWasTold() throws Exception {
        int gone = reaped();
        unreaped.ended(gone, LONG_AGO, START);
        unreaped.reaped(gone, START);
        unreaped.sweep(records);

        assertThat(records.all()).isEmpty();
        assertThat(unreaped.untilSweep()).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    public void shouldGoOnLookingForTheNewOwnerOfAPidWhoseOldOneIsToldLate() throws Exception {
        int gone = reaped();
        unreaped.ended(gone, LONG_AGO, START);
        unreaped.reaped(gone, START - 1);
        unreaped.sweep(records);

        assertThat(records.has(Kind.FREED, gone)).isTrue();
    }

    @Test
    public void shouldLookNoMoreForAnOwnerWhosePidHasAnother() throws Exception {
        int gone = reaped();
        unreaped.ended(gone, LONG_AGO, Unreaped.UNKNOWN);
        unreaped.gone(gone);

        assertThat(unreaped.untilSweep()).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    public void shouldLookLessAndLessOftenWhileNothingIsFoundAndSoonAfterTheNextEnd()
            throws Exception {
        unreaped.ended(SELF, LONG_AGO, START);
        assertThat(unreaped.untilSweep()).isNegative();
        for (int i = 0; i < 10; i++) {
            unreaped.sweep(records);
        }
        assertThat(unreaped.untilSweep()).isBetween(3_000_000_000L, 3_200_000_000L);

        unreaped.ended(SELF + 1, System.nanoTime(), START);
        assertThat(unreaped.untilSweep()).isLessThan(100_000_000);
    }

    @Test
    public void shouldLookForSomeOfManyInTurn() throws Exception {
        for (int i = 0; i < Unreaped.LOOKS; i++) {
            unreaped.ended(-1 - i, LONG_AGO, START); // no process has such a pid
        }
        int gone = reaped();
        unreaped.ended(gone, LONG_AGO, START);
        unreaped.sweep(records);
        assertThat(records.has(Kind.FREED, gone)).isFalse();

        unreaped.sweep(records);
        assertThat(records.has(Kind.FREED, gone)).isTrue();
    }
}
