// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.tasks.table;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;
import org.taskwatch.api.Capture;
import org.taskwatch.api.Credentials;
import org.taskwatch.api.Detail;
import org.taskwatch.api.Detail.Reason;
import org.taskwatch.api.Task;
import org.taskwatch.api.TaskEvent;
import org.taskwatch.api.TaskNotification;

import java.util.List;
import java.util.Objects;

/// What the table makes of the records of a source, and what watchers are told of it.
public class RecorderTest {
    private static final long MILLI = 1_000_000;

    @Rule public final TemporaryFolder folder = new TemporaryFolder();

    private final FakeCore core = new FakeCore();
    private final FakeInterest interest = new FakeInterest(Capture.values());
    private final long start = System.nanoTime();
    private FakeProc proc;
    private LiveTasks tasks;
    private Stream stream;
    private Recorder recorder;
    private Repair repair;

    @Before
    public void setUp() {
        proc = new FakeProc(folder.getRoot().toPath());
        tasks = new LiveTasks();
        Captures captures =
                new Captures(
                        proc.proc(),
                        interest,
                        new UserNames(folder.getRoot().toPath().resolve("passwd")));
        stream = new Stream(core, captures);
        Endings endings = new Endings(tasks, stream);
        Births births = new Births(tasks, proc.proc(), captures, endings, stream);
        recorder = new Recorder(tasks, births, endings, stream);
        repair = new Repair(tasks, proc.proc(), births, endings, stream);
        proc.process(10, 1, start - 1000 * MILLI, "sh");
        repair.scan();
        repair.settle();
    }

    private LinuxTask task(int tid) {
        return Objects.requireNonNull(tasks.task(tid), "no task " + tid);
    }

    private long at(long millis) {
        return start + millis * MILLI;
    }

    private void fork(int pid, int parent, long millis) {
        recorder.cloned(at(millis), pid, pid, parent, parent, 0);
    }

    private void thread(int tid, int pid, long millis) {
        recorder.cloned(at(millis), tid, pid, 1, 1, 0);
    }

    private void exit(int tid, int pid, int status) {
        recorder.exited(at(500), tid, pid, status);
    }

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
    public void shouldTellTheLifeOfAProcessInOrder() {
        fork(11, 10, 0);
        proc.process(11, 10, at(0), "ls");
        recorder.executed(at(1), 11, 11);
        exit(11, 11, 0x300);
        recorder.freed(at(501), 11);

        assertThat(core.lines())
                .containsExactly("CLONE 11 0", "EXEC 11 0", "EXIT 11 768", "FREE 11 768");
        assertThat(core.notifications)
                .extracting(TaskNotification::sequence)
                .containsExactly(1L, 2L, 3L, 4L);
        assertThat(tasks.task(11)).isNull();
        Task gone = core.notifications.getFirst().task();
        assertThat(gone.isFreed()).isTrue();
        assertThat(gone.exitStatus()).hasValue(0x300);
        assertThat(gone.parent()).isSameAs(tasks.task(10));
    }

    @Test
    public void shouldKeepTheDetailsOfTheMomentInTheNotification() {
        fork(11, 10, 0);
        proc.process(11, 10, at(0), "ls");
        recorder.executed(at(1), 11, 11);

        assertThat(core.notifications)
                .extracting(notification -> notification.details().comm().orElse("?"))
                .containsExactly("sh", "ls");
    }

    @Test
    public void shouldSayThatAProcessWasGoneBeforeItCouldBeRead() {
        fork(11, 10, 0);
        recorder.executed(at(1), 11, 11);

        assertThat(task(11).details().executable()).isEqualTo(Detail.unknown(Reason.GONE));
        assertThat(task(11).details().commandLine()).isEqualTo(Detail.unknown(Reason.GONE));
    }

    @Test
    public void shouldTellTheIdsThatWereThereBefore() {
        fork(11, 10, 0);
        recorder.userChanged(at(1), 11, 11, 0, 1000);
        recorder.userChanged(at(2), 11, 11, 1000, 1000);
        recorder.groupChanged(at(3), 11, 11, 100, 100);

        assertThat(core.lines())
                .containsExactly("CLONE 11 0", "UID 11 0", "UID 11 1000", "GID 11 0");
        assertThat(task(11).details().credentials())
                .isEqualTo(Detail.of(new Credentials(1000, 100, 1000, 100)));
        assertThat(task(10).details().credentials())
                .isEqualTo(Detail.of(new Credentials(0, 0, 0, 0)));
    }

    @Test
    public void shouldTellAnIdBeforeThatUsesAllBits() {
        fork(11, 10, 0);
        recorder.userChanged(at(1), 11, 11, -2, -2);
        recorder.userChanged(at(2), 11, 11, 0, 0);

        assertThat(core.lines()).containsExactly("CLONE 11 0", "UID 11 0", "UID 11 4294967294");
    }

    @Test
    public void shouldFreeAThreadAtItsExit() {
        thread(20, 10, 0);
        exit(20, 10, 0);

        assertThat(core.lines()).containsExactly("CLONE 20 0", "EXIT 20 0", "FREE 20 0");
        assertThat(core.notifications.getFirst().task().parent()).isSameAs(tasks.task(10));
        assertThat(task(10).isAlive()).isTrue();
    }

    @Test
    public void shouldHoldTheExitOfAProcessUntilItsLastThreadHasExited() {
        thread(20, 10, 0);
        thread(21, 10, 0);
        core.takeLines();
        exit(10, 10, 0);
        exit(20, 10, 0);
        assertThat(core.takeLines()).containsExactly("EXIT 20 0", "FREE 20 0");
        assertThat(task(10).exitStatus()).isEmpty();

        exit(21, 10, 0x700);
        assertThat(core.takeLines())
                .containsExactly("EXIT 21 1792", "FREE 21 1792", "EXIT 10 1792");
    }

    @Test
    public void shouldKeepTheStatusOfTheGroupExitIfAThreadWasJustLeaving() {
        thread(20, 10, 0);
        core.takeLines();
        exit(10, 10, 0x300);
        exit(20, 10, 0);

        assertThat(core.lines()).containsExactly("EXIT 20 0", "FREE 20 0", "EXIT 10 768");
    }

    @Test
    public void shouldHoldTheFreeOfAProcessUntilItsLastThreadHasExited() {
        thread(20, 10, 0);
        core.takeLines();
        exit(10, 10, 0);
        recorder.freed(at(600), 10);
        assertThat(core.lines()).isEmpty();

        exit(20, 10, 0x700);
        assertThat(core.takeLines())
                .containsExactly("EXIT 20 1792", "FREE 20 1792", "EXIT 10 1792", "FREE 10 1792");
        assertThat(tasks.task(10)).isNull();
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
    public void shouldReviveTheFirstThreadWhenAnotherExecutes() {
        thread(20, 10, 0);
        thread(21, 10, 0);
        core.takeLines();
        exit(21, 10, 0);
        exit(10, 10, 0);
        recorder.executed(at(2), 10, 10);

        assertThat(core.takeLines())
                .containsExactly("EXIT 21 0", "FREE 21 0", "EXIT 20 -1", "FREE 20 -1", "EXEC 10 0");
        exit(10, 10, 0x100);
        recorder.freed(at(600), 10);
        assertThat(core.takeLines()).containsExactly("EXIT 10 256", "FREE 10 256");
    }

    @Test
    public void shouldEndWhoHadTheTidBefore() {
        fork(11, 10, 0);
        fork(11, 10, 300);

        assertThat(core.lines())
                .containsExactly("CLONE 11 0", "EXIT 11 -1", "FREE 11 -1", "CLONE 11 0");
        assertThat(core.notifications.getFirst().task()).isNotSameAs(tasks.task(11));
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
        assertThat(core.takeLines()).containsExactly("repaired CLONE 11 0");
        fork(11, 10, 5);

        assertThat(core.lines()).isEmpty();
    }

    @Test
    public void shouldTellWhatCanBeKnownOfATaskThatItHasNeverSeen() {
        exit(99, 99, 0);
        exit(98, 97, 0);
        recorder.freed(at(600), 99);
        recorder.freed(at(600), 96);

        assertThat(core.lines())
                .containsExactly(
                        "repaired CLONE 99 0",
                        "EXIT 99 0",
                        "repaired CLONE 98 0",
                        "EXIT 98 0",
                        "FREE 98 0",
                        "FREE 99 0");
        assertThat(core.notifications.getFirst().task().details().comm())
                .isEqualTo(Detail.unknown(Reason.GONE));
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
        assertThat(recorder.isRepairNeeded()).isTrue();
        repair.scan();
        repair.settle();

        assertThat(core.lines())
                .containsExactlyInAnyOrder(
                        "lost 5",
                        "repaired EXEC 11 0",
                        "repaired UID 12 0",
                        "repaired GID 12 0",
                        "repaired CLONE 14 0",
                        "repaired EXIT 13 -1",
                        "repaired FREE 13 -1");
        assertThat(core.lines().getFirst()).isEqualTo("lost 5");
        assertThat(tasks.tasks())
                .extracting(Task::tid)
                .containsExactlyInAnyOrder(1, 10, 11, 12, 14);
        assertThat(task(14).parent()).isSameAs(tasks.task(12));
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
                .containsExactlyInAnyOrder("repaired CLONE 14 0", "repaired EXEC 11 0");

        recorder.executed(at(0), 11, 11);
        fork(14, 10, 101);
        exit(12, 12, 0x200);
        recorder.freed(at(600), 12);
        repair.settle();
        assertThat(core.takeLines()).containsExactly("EXIT 12 512", "FREE 12 512");
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
        recorder.executed(at(1), 11, 11);
        repair.scan();

        assertThat(core.lines()).containsExactly("repaired CLONE 11 0", "EXEC 11 0");
    }

    @Test
    public void shouldNotEndAProcessThatAnExecHasRevivedAfterTheScan() {
        thread(20, 10, 0);
        core.takeLines();
        proc.thread(10, 20, at(0), "sh");
        proc.zombie(10, 1, start - 1000 * MILLI, "sh", 2);
        repair.scan();
        proc.process(10, 1, start - 1000 * MILLI, "ls");
        recorder.executed(at(2), 10, 10);
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
    public void shouldBoundTheDeadAncestorsThatAreKept() {
        for (int pid = 100; pid < 200; pid++) {
            fork(pid, pid == 100 ? 10 : pid - 1, pid);
            exit(pid - 1, pid - 1, 0);
            recorder.freed(at(600), pid - 1);
        }
        int ancestors = 0;
        for (Task task = task(199).parent(); task != null; task = task.parent()) {
            ancestors++;
        }
        assertThat(ancestors).isBetween(LinuxTask.DEAD_ANCESTORS, LinuxTask.DEAD_ANCESTORS + 2);
    }

    @Test
    public void shouldGoOnWhenTheCoreThrows() {
        core.failing =
                () -> {
                    throw new IllegalStateException("a core that throws");
                };
        fork(11, 10, 0);
        core.failing =
                () -> {
                    throw new InternalError("a watcher that throws an error of the VM");
                };
        fork(12, 10, 0);
        core.failing = () -> {};
        fork(13, 10, 0);

        assertThat(core.lines()).containsExactly("CLONE 13 0");
        assertThat(stream.failures()).isEqualTo(2);
        assertThat(core.notifications.getFirst().event()).isEqualTo(TaskEvent.CLONE);
    }
}
