// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.tasks.table;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.Test;
import org.taskwatch.api.Credentials;
import org.taskwatch.api.Detail;
import org.taskwatch.api.Detail.Reason;
import org.taskwatch.api.Task;
import org.taskwatch.api.TaskEvent;
import org.taskwatch.api.TaskNotification;

/// What the table makes of the records of a source, and what watchers are told of it.
public class TableUpdaterTest extends TableTest {
    @Test
    public void shouldTellTheLifeOfAProcessInOrder() {
        fork(11, 10, 0);
        proc.process(11, 10, at(0), "ls");
        recorder.executed(at(1), 11, 11, _ -> false);
        exit(11, 11, 0x300);
        recorder.freed(at(501), 11);

        assertThat(core.lines())
                .containsExactly("CLONE 11 0", "EXEC 11 0", "EXIT 11 768", "FREE 11 768");
        assertThat(core.notifications())
                .extracting(TaskNotification::sequence)
                .containsExactly(1L, 2L, 3L, 4L);
        assertThat(tasks.task(11)).isNull();
        Task gone = core.notifications().getFirst().task();
        assertThat(gone.isFreed()).isTrue();
        assertThat(gone.exitStatus()).hasValue(0x300);
        assertThat(gone.parent()).isSameAs(tasks.task(10));
    }

    @Test
    public void shouldKeepTheDetailsOfTheMomentInTheNotification() {
        fork(11, 10, 0);
        proc.process(11, 10, at(0), "ls");
        recorder.executed(at(1), 11, 11, _ -> false);

        assertThat(core.notifications())
                .extracting(notification -> notification.details().comm().orElse("?"))
                .containsExactly("sh", "ls");
    }

    @Test
    public void shouldSayThatAProcessWasGoneBeforeItCouldBeRead() {
        fork(11, 10, 0);
        recorder.executed(at(1), 11, 11, _ -> false);

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
    public void shouldEndWhoHadTheTidBefore() {
        fork(11, 10, 0);
        fork(11, 10, 300);

        assertThat(core.lines())
                .containsExactly("CLONE 11 0", "EXIT 11 -1", "FREE 11 -1", "CLONE 11 0");
        assertThat(core.notifications().getFirst().task()).isNotSameAs(tasks.task(11));
    }

    @Test
    public void shouldTellWhatCanBeKnownOfATaskThatItHasNeverSeen() {
        exit(99, 99, 0);
        exit(98, 97, 0);
        recorder.freed(at(600), 99);
        recorder.freed(at(600), 96);

        assertThat(core.lines())
                .containsExactly(
                        "repaired CLONE 99 -1",
                        "EXIT 99 0",
                        "repaired CLONE 98 -1",
                        "EXIT 98 0",
                        "FREE 98 0",
                        "FREE 99 0");
        assertThat(core.notifications().getFirst().task().details().comm())
                .isEqualTo(Detail.unknown(Reason.GONE));
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
        assertThat(ancestors).isBetween(Ancestors.MOST_DEAD, Ancestors.MOST_DEAD + 2);
    }

    @Test
    public void shouldGoOnWhenTheCoreThrows() {
        isRecordedAlike = false; // that of the recording does not throw
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

        assertThat(core.lines()).containsExactly("lost 1", "lost 1", "CLONE 13 0");
        assertThat(stream.failures()).isEqualTo(2);
        assertThat(core.notifications().getFirst().event()).isEqualTo(TaskEvent.CLONE);
    }

    @Test
    public void shouldKeepWhatATaskWasWhenItsPidIsUsedAgain() {
        fork(11, 10, 0);
        proc.process(11, 10, at(0), "ls");
        recorder.executed(at(1), 11, 11, _ -> false);
        LinuxTask kept = task(11);
        exit(11, 11, 0x300);
        recorder.freed(at(600), 11);
        fork(11, 1, 601);
        recorder.renamed(at(602), 11, 11, "other");
        recorder.userChanged(at(603), 11, 11, 33, 33);

        assertThat(kept.isFreed()).isTrue();
        assertThat(kept.exitStatus()).hasValue(0x300);
        assertThat(kept.parent()).isSameAs(tasks.task(10));
        assertThat(kept.details().comm()).isEqualTo(Detail.of("ls"));
        assertThat(kept.details().credentials()).isEqualTo(Detail.of(new Credentials(0, 0, 0, 0)));
        assertThat(task(11)).isNotSameAs(kept);
    }
}
