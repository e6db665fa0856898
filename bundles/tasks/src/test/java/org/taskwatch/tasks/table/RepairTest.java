// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.tasks.table;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.Test;
import org.taskwatch.api.Credentials;
import org.taskwatch.api.Detail;
import org.taskwatch.api.Task;

import java.util.List;

/// How the table is made equal to `/proc`, and what watchers are told of the difference.
public class RepairTest extends TableTest {
    @Test
    public void shouldHoldWhatIsThereAndTellNobody() {
        assertThat(tasks.tasks()).extracting(Task::tid).containsExactlyInAnyOrder(1, 10);
        assertThat(core.lines()).isEmpty();
        LinuxTask shell = task(10);
        assertThat(shell.parent()).isSameAs(tasks.task(1));
        assertThat(shell.details().comm()).isEqualTo(Detail.of("sh"));
        assertThat(shell.details().executable()).isEqualTo(Detail.of("/bin/sh"));
        assertThat(shell.details().commandLine()).isEqualTo(Detail.of(List.of("sh", "-x")));
        assertThat(shell.details().credentials()).isEqualTo(Detail.of(new Credentials(0, 0, 0, 0)));
    }

    @Test
    public void shouldTellExitAndThreadsBeforeFreeWhicheverIsMissing() {
        thread(20, 10, 0);
        core.takeLines();
        exit(10, 10, 0);
        recorder.freed(at(600), 10);
        proc.remove(10);
        repair.scan();
        repair.settle();

        assertThat(core.lines())
                .containsSubsequence(
                        "repaired EXIT 20 -1", "repaired FREE 20 -1", "repaired EXIT 10 0")
                .endsWith("repaired FREE 10 0")
                .hasSize(4);
    }

    @Test
    public void shouldTellACloneThatTheFirstScanHasFoundBeforeItWasRead() {
        LinuxTask found = task(10);
        fork(10, 1, -995);

        assertThat(core.takeLines()).containsExactly("CLONE 10 0");
        assertThat(task(10)).isSameAs(found);
        fork(10, 1, -995);
        assertThat(core.lines()).isEmpty();
    }

    @Test
    public void shouldNotTellACloneAgainThatARepairHasTold() {
        proc.process(11, 10, at(0), "sh");
        repair.scan();
        assertThat(core.takeLines()).containsExactly("repaired CLONE 11 -1");
        fork(11, 10, 5);

        assertThat(core.lines()).isEmpty();
    }

    @Test
    public void shouldTellTheDifferencesAfterALoss() {
        fork(11, 10, 0);
        fork(12, 10, 0);
        fork(13, 10, 0);
        core.takeLines();
        proc.process(11, 10, at(0), "vi"); // an exec
        proc.process(12, 10, at(0), "sh");
        proc.ids(12, 33, 33); // other ids; 13 is gone, 14 is new
        proc.process(14, 12, at(100), "ls");
        recorder.lost(5, "a test", at(50));
        assertThat(updater.isRepairNeeded()).isTrue();
        repair.scan();
        repair.settle();

        assertThat(core.lines())
                .containsExactlyInAnyOrder(
                        "lost 5",
                        "repaired EXEC 11 0",
                        "repaired UID 12 0",
                        "repaired GID 12 0",
                        "repaired CLONE 14 -1",
                        "repaired EXIT 13 -1",
                        "repaired FREE 13 -1");
        assertThat(core.lines().getFirst()).isEqualTo("lost 5");
        assertThat(tasks.tasks())
                .extracting(Task::tid)
                .containsExactlyInAnyOrder(1, 10, 11, 12, 14);
        assertThat(task(14).parent()).isSameAs(tasks.task(12));
    }

    @Test
    public void shouldTellAnExecOfTheSameProgram() {
        proc.stack(10, 7);
        repair.scan();

        assertThat(core.takeLines()).containsExactly("repaired EXEC 10 0");
        repair.scan();
        assertThat(core.lines()).isEmpty();
    }

    @Test
    public void shouldNotTakeForAnExecThatTheStackCanNotBeSeenOrIsSeenFirst() {
        proc.stack(10, 0);
        repair.scan();
        fork(11, 10, 0);
        recorder.executed(at(1), 11, 11, _ -> false); // it was gone when it should be read
        core.takeLines();
        proc.process(11, 10, at(0), "ls");
        repair.scan();

        assertThat(core.lines()).isEmpty();
    }

    @Test
    public void shouldNotTakeForAnExecOfAChildThatItsForkerHasExecutedSince() {
        task(10).stack(7, at(100)); // read when it had executed another program
        fork(11, 10, 0);
        proc.process(11, 10, at(0), "sh");
        core.takeLines();
        repair.scan();

        assertThat(core.lines()).doesNotContain("repaired EXEC 11 0");
    }

    @Test
    public void shouldNotTellTwiceWhatTheScanHasFoundAndTheSourceStillHas() {
        fork(11, 10, 0);
        fork(12, 10, 0);
        core.takeLines();
        proc.process(11, 10, at(0), "vi");
        proc.process(14, 10, at(100), "ls");
        repair.scan();
        assertThat(core.takeLines())
                .containsExactlyInAnyOrder("repaired CLONE 14 -1", "repaired EXEC 11 0");

        recorder.executed(at(0), 11, 11, _ -> false);
        fork(14, 10, 101);
        exit(12, 12, 0x200);
        recorder.freed(at(600), 12);
        repair.settle();
        assertThat(core.takeLines()).containsExactly("EXIT 12 512", "FREE 12 512");
    }

    @Test
    public void shouldTellOneLifeOfAThreadThatTheScanHasFoundAndTheSourceStillHasAfterAnExec() {
        long exec = System.nanoTime();
        proc.threads(10, 1, start - 1000 * MILLI, "sh", 2);
        proc.thread(10, 20, exec, "sh");
        repair.scan();
        assertThat(core.takeLines()).containsExactly("repaired CLONE 20 -1");

        recorder.executed(exec, 10, 10, _ -> false);
        recorder.cloned(System.nanoTime(), 20, 10, 1, 1, 0);
        assertThat(core.takeLines()).containsExactly("EXEC 10 0");
    }

    @Test
    public void shouldEndWhatALostExitHasLeftAndFreeItWhenItIsReaped() {
        fork(11, 10, 0);
        core.takeLines();
        proc.zombie(11, 10, at(0), "sh", 1);
        repair.scan();
        repair.settle();
        assertThat(core.takeLines()).containsExactly("repaired EXIT 11 -1");
        repair.reap();
        assertThat(core.takeLines()).isEmpty();

        proc.remove(11);
        repair.reap();
        repair.settle();
        assertThat(core.takeLines()).containsExactly("repaired FREE 11 -1");
    }

    @Test
    public void shouldHoldTheExitOfAZombieWhoseThreadsLive() {
        thread(20, 10, 0);
        core.takeLines();
        proc.thread(10, 20, at(0), "sh");
        proc.zombie(10, 1, start - 1000 * MILLI, "sh", 2);
        repair.scan();
        repair.settle();
        assertThat(core.takeLines()).isEmpty();

        exit(20, 10, 0);
        assertThat(core.takeLines()).containsExactly("EXIT 20 0", "FREE 20 0", "EXIT 10 0");
    }

    @Test
    public void shouldTellACloneThatWasLostBeforeWhatComesNext() {
        proc.process(11, 10, at(0), "ls");
        recorder.executed(at(1), 11, 11, _ -> false);
        repair.scan();

        assertThat(core.lines()).containsExactly("repaired CLONE 11 -1", "EXEC 11 0");
    }

    @Test
    public void shouldNotEndAProcessThatAnExecHasRevivedAfterTheScan() {
        thread(20, 10, 0);
        core.takeLines();
        proc.thread(10, 20, at(0), "sh");
        proc.zombie(10, 1, start - 1000 * MILLI, "sh", 2);
        repair.scan();
        proc.process(10, 1, start - 1000 * MILLI, "ls");
        recorder.executed(at(2), 10, 10, _ -> false);
        repair.settle();

        assertThat(core.takeLines()).containsExactly("EXIT 20 -1", "FREE 20 -1", "EXEC 10 0");
        assertThat(task(10).isAlive()).isTrue();
    }

    @Test
    public void shouldNotTakeWhatCannotBeReadForGone() {
        fork(11, 10, 0);
        proc.zombie(11, 10, at(0), "sh", 1);
        core.takeLines();
        repair.scan();
        proc.hideStat(11);
        repair.settle();
        assertThat(core.takeLines()).isEmpty();

        proc.remove(11);
        repair.scan();
        repair.settle();
        assertThat(core.takeLines()).containsExactly("repaired EXIT 11 -1", "repaired FREE 11 -1");
    }

    @Test
    public void shouldFreeAZombieWhoseExitWasToldByASourceThatHasGoneSince() {
        fork(11, 10, 0);
        exit(11, 11, 0x300);
        core.takeLines();
        proc.zombie(11, 10, at(0), "sh", 1);
        repair.scan(); // as after a change of sources
        repair.settle();
        repair.reap();
        repair.settle();
        assertThat(core.takeLines()).isEmpty();

        proc.remove(11);
        repair.reap();
        repair.settle();
        assertThat(core.takeLines()).containsExactly("repaired FREE 11 768");
    }

    @Test
    public void shouldLookAtSomeOfManyZombiesAtATimeAndAtAllInTurn() {
        int count = Repair.LOOKS + 100;
        for (int pid = 1_000; pid < 1_000 + count; pid++) {
            proc.zombie(pid, 10, at(0), "sh", 1);
        }
        repair.scan();
        repair.settle();
        for (int pid = 1_000; pid < 1_000 + count; pid++) {
            proc.remove(pid);
        }
        core.takeLines();

        repair.reap();
        repair.settle();
        assertThat(core.takeLines()).hasSize(Repair.LOOKS);
        repair.reap();
        repair.settle();
        assertThat(core.takeLines())
                .hasSize(100)
                .contains("repaired FREE " + (999 + count) + " -1");
        repair.reap();
        repair.settle();
        assertThat(core.takeLines()).isEmpty();
    }

    @Test
    public void shouldLeaveTheFreeOfAZombieToTheSourceThatTellsIt() {
        fork(11, 10, 0);
        core.takeLines();
        proc.zombie(11, 10, at(0), "sh", 1);
        repair.scan();
        repair.settle();
        proc.remove(11);
        repair.reap();
        recorder.freed(at(600), 11);
        repair.settle();

        assertThat(core.takeLines()).containsExactly("repaired EXIT 11 -1", "FREE 11 -1");
    }
}
