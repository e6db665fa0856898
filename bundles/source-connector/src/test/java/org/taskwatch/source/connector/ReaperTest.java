// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.source.connector;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.After;
import org.junit.Before;
import org.junit.Test;
import org.taskwatch.linux.Epoll;
import org.taskwatch.linux.LinuxException;

/// The order of EXIT and FREE of a process that is found reaped when its EXIT is read.
public class ReaperTest {
    private static final int PID = 10_000_000; // above all real pids

    private final Records records = new Records();
    private Epoll epoll;
    private Reaper reaper;

    @Before
    public void open() throws LinuxException {
        epoll = Epoll.open();
        reaper = new Reaper(new PidFds(epoll, 10));
        reaper.beginReceive();
    }

    @After
    public void close() {
        reaper.close();
        epoll.close();
    }

    private boolean receive() throws LinuxException {
        reaper.beginReceive();
        return reaper.free(records);
    }

    @Test
    public void shouldFreeAProcessOnlyAfterAReceiveThatWasBegunSinceItWasFoundReaped()
            throws Exception {
        reaper.exited(PID);

        assertThat(reaper.free(records)).isFalse();
        assertThat(records.of(PID)).isEmpty();
        assertThat(reaper.hasFound()).isTrue();
        assertThat(receive()).isTrue();
        assertThat(records.of(PID)).containsExactly("freed " + PID);
        assertThat(receive()).isTrue();
        assertThat(records.of(PID)).hasSize(1);
    }

    @Test
    public void shouldWaitForTheEndOfAQueueThatHasMoreThanOneReceiveTakes() throws Exception {
        reaper.exited(PID);
        reaper.beginReceive(); // a full one: what is behind it may be of the process
        reaper.exited(PID + 1);

        assertThat(reaper.free(records)).isFalse();
        assertThat(records.of(PID)).containsExactly("freed " + PID);
        assertThat(records.of(PID + 1)).isEmpty();
    }

    @Test
    public void shouldFreeAProcessRightBeforeItsPidIsUsedAgain() throws Exception {
        reaper.firstThreadExited(5, PID, 256);
        reaper.forked(6, PID, records);
        assertThat(records.of(PID)).containsExactly("exited 256 " + PID, "freed " + PID);

        receive();
        receive();
        assertThat(records.of(PID)).hasSize(2);
    }

    @Test
    public void shouldTellTheHeldExitBeforeTheFree() throws Exception {
        reaper.firstThreadExited(5, PID, 256);
        reaper.free(records);
        receive();

        assertThat(records.of(PID)).containsExactly("exited 256 " + PID, "freed " + PID);
    }

    @Test
    public void shouldTellTheSecondExitAfterAnExecOfAnotherThreadAndNotTheFirst() throws Exception {
        reaper.firstThreadExited(5, PID, 0);
        reaper.executed(PID);
        reaper.firstThreadExited(7, PID, 768);
        reaper.free(records);
        receive();

        assertThat(records.of(PID)).containsExactly("exited 768 " + PID, "freed " + PID);
    }

    @Test
    public void shouldTellNoExitOfAProcessThatHasExecutedSince() throws Exception {
        reaper.firstThreadExited(5, PID, 0);
        reaper.free(records);
        reaper.executed(PID);
        receive();

        assertThat(records.of(PID)).containsExactly("freed " + PID);
    }

    @Test
    public void shouldFreeEachOfManyOnceAndInTheOrderOfTheirEnds() throws Exception {
        for (int pid = PID; pid < PID + 1_000; pid++) {
            reaper.firstThreadExited(5, pid, 0);
        }
        reaper.free(records);
        receive();
        receive();

        for (int pid = PID; pid < PID + 1_000; pid++) {
            assertThat(records.of(pid)).containsExactly("exited 0 " + pid, "freed " + pid);
        }
        assertThat(reaper.mustSweep()).isFalse();
    }
}
