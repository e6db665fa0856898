// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.tasks.table;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.Before;
import org.junit.Test;

/// What the table holds of threads, and tells of processes, while nobody wants threads and when that
/// changes.
public class ThreadEventsTest extends TableTest {
    @Before
    public void setUp() {
        isRecordedAlike = false; // threads are wanted as long as somebody records
    }

    private void want(boolean areWanted) {
        interest.threads = areWanted;
        assertThat(threads.mustSwitch(true)).isTrue();
        if (areWanted) {
            threads.switchOn(() -> {});
        } else {
            assertThat(threads.maySwitchOff()).isTrue();
            threads.switchOff(() -> {});
        }
        assertThat(threads.mustSwitch(true)).isFalse();
        assertThat(interest.areLeftOut).isEqualTo(!areWanted);
    }

    private void threadInProc(int tid) {
        proc.threads(10, 1, start - 1000 * MILLI, "sh", 2);
        proc.thread(10, tid, at(0), "sh");
    }

    @Test
    public void shouldLeaveOutThreadsWhileNobodyWantsThem() {
        want(false);
        thread(20, 10, 0);
        recorder.renamed(at(1), 20, 10, "worker");
        recorder.userChanged(at(1), 20, 10, 33, 33);
        recorder.groupChanged(at(1), 20, 10, 33, 33);
        exit(20, 10, 0);

        assertThat(core.lines()).isEmpty();
        assertThat(tasks.task(20)).isNull();
        assertThat(task(10).threads()).isEmpty();
    }

    @Test
    public void shouldTakeTheStatusOfAProcessFromAThreadThatIsLeftOut() {
        want(false);
        exit(20, 10, 0x700);
        exit(99, 98, 0x700);
        exit(10, 10, 0);
        recorder.freed(at(600), 10);

        assertThat(core.lines()).containsExactly("EXIT 10 1792", "FREE 10 1792");
    }

    @Test
    public void shouldForgetTheStatusOfThreadsThatAnExecHasEnded() {
        want(false);
        exit(20, 10, 9);
        recorder.executed(at(2), 10, 10, _ -> false);
        exit(10, 10, 0);

        assertThat(core.lines()).containsExactly("EXEC 10 0", "EXIT 10 0");
    }

    @Test
    public void shouldTakeInThreadsThatLiveAndTellNobody() {
        want(false);
        threadInProc(20);
        want(true);
        assertThat(core.lines()).isEmpty();
        assertThat(task(20).parent()).isSameAs(task(10));

        thread(21, 10, 400);
        exit(20, 10, 0);
        exit(10, 10, 0);
        assertThat(core.takeLines()).containsExactly("CLONE 21 0", "EXIT 20 0", "FREE 20 0");
        exit(21, 10, 0);
        assertThat(core.lines()).containsExactly("EXIT 21 0", "FREE 21 0", "EXIT 10 0");
    }

    @Test
    public void shouldTellTheCloneOfAThreadThatHasBegunJustBeforeTheOthersWereTakenIn() {
        want(false);
        threadInProc(20);
        want(true);
        thread(20, 10, 0);

        assertThat(core.lines()).containsExactly("CLONE 20 0");
    }

    @Test
    public void shouldTakeInTheThreadsOfAProcessWhoseCloneIsStillToBeRead() {
        want(false);
        proc.process(11, 10, at(0), "vi");
        proc.threads(11, 10, at(0), "vi", 2);
        proc.thread(11, 20, at(0), "vi");
        want(true);
        fork(11, 10, 0);

        assertThat(core.lines()).containsExactly("CLONE 11 0");
        assertThat(task(11).threads()).containsExactly(task(20));
    }

    @Test
    public void shouldNotEndAThreadThatWasTakenInByAnExecThatWasBeforeAndIsReadLater() {
        want(false);
        long before = System.nanoTime();
        threadInProc(20);
        want(true);
        recorder.executed(before, 10, 10, _ -> false);
        assertThat(core.takeLines()).containsExactly("EXEC 10 0");
        assertThat(task(20).isAlive()).isTrue();

        recorder.exited(System.nanoTime(), 20, 10, 0x700);
        assertThat(core.takeLines()).containsExactly("EXIT 20 1792", "FREE 20 1792");
    }

    @Test
    public void shouldEndAThreadThatWasTakenInByAnExecThatCameLater() {
        want(false);
        threadInProc(20);
        want(true);
        recorder.executed(System.nanoTime(), 10, 10, _ -> false);

        assertThat(core.lines()).containsExactly("EXIT 20 -1", "FREE 20 -1", "EXEC 10 0");
    }

    @Test
    public void shouldNotTellTheEndOfAThreadThatWasGoneWhenTheOthersWereTakenIn() {
        want(false);
        long before = System.nanoTime();
        want(true);
        recorder.exited(before, 20, 10, 0);
        assertThat(core.lines()).isEmpty();

        recorder.exited(System.nanoTime(), 21, 10, 0); // its CLONE was lost since
        assertThat(core.lines()).containsExactly("repaired CLONE 21 -1", "EXIT 21 0", "FREE 21 0");
    }

    @Test
    public void shouldDropThreadsWhenNobodyWantsThemAnyMoreAndTellNobody() {
        thread(20, 10, 0);
        exit(10, 10, 0);
        core.takeLines();
        want(false);
        assertThat(core.lines()).isEmpty();
        assertThat(tasks.task(20)).isNull();

        exit(20, 10, 0x700);
        exit(10, 10, -1); // told once more by the source, which has found the end out
        assertThat(core.lines()).containsExactly("EXIT 10 1792");
    }

    @Test
    public void shouldFreeAProcessThatWasHeldForAThreadThatIsDropped() {
        thread(20, 10, 0);
        exit(10, 10, 0x300);
        recorder.freed(at(600), 10);
        core.takeLines();
        want(false);

        assertThat(core.lines()).containsExactly("EXIT 10 768", "FREE 10 768");
    }

    @Test
    public void shouldNotTakeTheExitForALateOneAfterTheThreadsWereDropped() {
        thread(20, 10, 0);
        recorder.executed(at(2), 10, 10, _ -> false); // the EXIT of 10 before it may be read still
        want(false);
        core.takeLines();
        exit(10, 10, 0x300);

        assertThat(core.lines()).containsExactly("EXIT 10 768");
    }

    @Test
    public void shouldNotTellThreadsAsRepairedWhileNobodyWantsThem() {
        want(false);
        threadInProc(20);
        recorder.lost(5, "a test", at(50));
        repair.scan();
        repair.settle();

        assertThat(core.lines()).containsExactly("lost 5");
        assertThat(tasks.task(20)).isNull();
    }

    @Test
    public void shouldTellTheExitOfAZombieThatALossHasHiddenAfterItsLastThread() {
        want(false);
        proc.zombie(10, 1, start - 1000 * MILLI, "sh", 2);
        repair.scan();
        repair.settle();
        repair.reap();
        repair.settle();
        assertThat(core.lines()).isEmpty();

        proc.zombie(10, 1, start - 1000 * MILLI, "sh", 1);
        repair.reap();
        repair.settle();
        assertThat(core.lines()).containsExactly("repaired EXIT 10 -1");
    }
}
