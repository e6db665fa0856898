// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.tasks.table;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.Test;
import org.taskwatch.api.Capture;
import org.taskwatch.api.Detail;
import org.taskwatch.api.Gate;
import org.taskwatch.api.Task;
import org.taskwatch.api.TaskEvent;
import org.taskwatch.api.TaskNotification;
import org.taskwatch.api.TaskNotification.Origin;
import org.taskwatch.source.Fact;
import org.taskwatch.source.TaskRecord.Kind;
import org.taskwatch.tasks.Fork;

import java.io.IOException;
import java.nio.file.Files;
import java.util.List;

/// The tasks of gated trees before they are born, and how each is found again at its birth.
public class ForksTest extends ForksFixture {
    @Test
    public void shouldBeOneTaskFromItsInitToItsFree() {
        interest.wantForAll(Capture.USER);
        Fork fork = asked(10, 0, FLAGS);
        TaskNotification init = fork.init();
        Task unborn = init.task();

        assertThat(init.event()).isEqualTo(TaskEvent.INIT);
        assertThat(init.value()).isEqualTo(FLAGS);
        assertThat(init.source()).isEqualTo("gate");
        assertThat(init.origin()).isEqualTo(Origin.OBSERVED);
        assertThat(init.details().comm()).isEqualTo(Detail.of("sh"));
        assertThat(unborn.tid()).isZero();
        assertThat(unborn.pid()).isZero();
        assertThat(unborn.isThread()).isFalse();
        assertThat(unborn.parent()).isSameAs(task(10));
        assertThat(unborn.gate()).isEqualTo(gate);
        assertThat(unborn.start()).isEqualTo(init.time());
        assertThat(unborn.isFreed()).isFalse();
        assertThat(unborn.kernelParent()).isEqualTo(Detail.unknown(Detail.Reason.NOT_READ));
        assertThat(unborn).hasToString("unborn process (sh)");
        assertThat(tasks.tasks()).doesNotContain(unborn);

        fork.allowed();
        recorder.accept(cloned(11, 1, 10, 10));
        assertThat(task(11)).isSameAs(unborn);
        assertThat(core.notifications().getLast().task()).isSameAs(unborn);
        assertThat(unborn.tid()).isEqualTo(11);
        assertThat(unborn.pid()).isEqualTo(11);
        assertThat(unborn.identity().isExact()).isTrue();
        assertThat(fork.isOpen()).isFalse();

        exit(11, 11, 0);
        recorder.freed(at(501), 11);
        fork.ended(4, "too late");
        assertThat(core.lines()).containsExactly("CLONE 11 -1", "EXIT 11 0", "FREE 11 0");
        assertThat(gateCore.lines()).isEmpty();
    }

    @Test
    public void shouldTellOnceThatARefusedForkCameToNothing() {
        Fork fork = asked(10, 0, FLAGS);
        fork.ended(11, "refused by fork-limit: too many");
        fork.ended(4, "the fork was interrupted");
        fork.allowed();

        assertThat(ends()).containsExactly("FREE 11 refused by fork-limit: too many");
        TaskNotification free = gateCore.notifications().getFirst();
        assertThat(free.task()).isSameAs(fork.init().task());
        assertThat(free.sequence()).isEqualTo(fork.init().sequence() + 1);
        assertThat(free.task().isFreed()).isTrue();
        assertThat(free.task().exitStatus()).isEmpty();
        assertThat(free.task().tid()).isZero();
        assertThat(fork.isOpen()).isFalse();
        recorder.accept(cloned(11, 1, 10, 10));
        assertThat(task(11)).isNotSameAs(fork.init().task());
    }

    @Test
    public void shouldTakeABirthForTheLatestForkThatWasAskedForBefore() {
        Fork failed = allowed(10, 0);
        Fork second = allowed(10, 2);
        Fork third = allowed(10, 4);
        source.failedFork = 11;
        recorder.accept(cloned(11, 3, 10, 10));

        assertThat(task(11)).isSameAs(second.init().task());
        assertThat(ends()).containsExactly("FREE 11 the fork failed: EAGAIN");
        assertThat(gateCore.notifications().getFirst().task()).isSameAs(failed.init().task());
        recorder.accept(cloned(12, 5, 10, 10));
        assertThat(task(12)).isSameAs(third.init().task());
        recorder.accept(cloned(13, 6, 10, 10));
        assertThat(task(13).gate()).isEqualTo(gate); // which nobody has asked for
        assertThat(gateCore.lines()).hasSize(1);
    }

    @Test
    public void shouldKnowTheForksOfEachThread() {
        thread(20, 10, 0);
        Fork first = allowed(10, 1);
        Fork second = allowed(20, 1);
        assertThat(second.init().task().parent()).isSameAs(task(20));
        recorder.accept(cloned(12, 2, 20, 10));
        recorder.cloned(at(3), 11, 11, 10, 10, 0); // as the proc connector tells it

        assertThat(task(11)).isSameAs(first.init().task());
        assertThat(task(12)).isSameAs(second.init().task());
        assertThat(gateCore.lines()).isEmpty();
    }

    @Test
    public void shouldTakeTheProcessOfAForkerWhoseThreadIsNotInTheTable() {
        proc.file(20, "status", "Name:\tsh\nTgid:\t10\n");
        Fork fork = allowed(20, 0);
        assertThat(fork.init().task().parent()).isSameAs(task(10));
        recorder.accept(cloned(11, 1, 20, 10));

        assertThat(task(11)).isSameAs(fork.init().task());
    }

    @Test
    public void shouldFindAChildThatTheForkerHasMadeItsSibling() {
        fork(11, 10, 0);
        proc.process(11, 10, at(0), "sh");
        Fork plain = allowed(11, 1);
        Fork sibling = allowed(11, 2, ForkMatcher.CLONE_PARENT);
        recorder.cloned(at(3), 12, 12, 10, 10, 0);

        assertThat(task(12)).isSameAs(sibling.init().task());
        assertThat(task(12).parent()).isSameAs(task(10));
        assertThat(plain.init().task().isFreed()).isFalse();
    }

    @Test
    public void shouldFindAChildByItsProcessWhereTheSourceLooksNowAndThen() {
        Fork earlier = allowed(10, 0);
        Fork fork = allowed(10, 50);
        recorder.accept(
                record.begin(Kind.CLONED, at(45), 11, 11)
                        .set(Fact.START_TICKS, at(45) / 10_000_000)
                        .set(Fact.PARENT_TID, 10)
                        .set(Fact.PARENT_PID, 10));

        assertThat(task(11)).isSameAs(fork.init().task());
        assertThat(earlier.init().task().isFreed()).isFalse();
    }

    @Test
    public void shouldFindAChildThatARepairHasFound() {
        isRecordedAlike = false; // it was born before the recording
        Fork fork = allowed(10, 0);
        proc.process(11, 10, at(5), "ls");
        proc.process(12, 10, at(-500), "ls");
        updater.needRepair();
        repair.scan();
        repair.settle();

        assertThat(task(11)).isSameAs(fork.init().task());
        assertThat(task(12).tid()).isEqualTo(12);
        assertThat(core.lines()).contains("repaired CLONE 11 -1", "repaired CLONE 12 -1");
        assertThat(gateCore.lines()).isEmpty();
    }

    @Test
    public void shouldGoOnWithoutAForkerThatNobodyKnows() {
        Fork fork = allowed(99, 0);

        assertThat(fork.init().task().parent()).isNull();
        assertThat(fork.init().details().comm()).isEqualTo(Detail.unknown(Detail.Reason.NOT_READ));
        recorder.accept(cloned(11, 1, 99, 10));
        assertThat(task(11)).isSameAs(fork.init().task());
        assertThat(task(11).parent()).isSameAs(task(10));
    }

    @Test
    public void shouldHaveAllDescendantsOfTheRootInItsGate() {
        assertThat(task(10).gate()).isEqualTo(gate);
        fork(11, 10, 0);
        fork(12, 11, 1);
        fork(13, 1, 2);
        thread(14, 12, 3);

        assertThat(task(12).gate()).isEqualTo(gate);
        assertThat(task(14).gate()).isEqualTo(gate);
        assertThat(task(13).gate()).isNull();
        assertThat(forks.isUsed()).isTrue();
        forks.closed(gate);
        assertThat(forks.isUsed()).isFalse();
    }

    @Test
    public void shouldHaveWhatTheRootHadBeforeInAGateThatIsTakenOverAlone() {
        fork(20, 1, 0);
        fork(21, 20, 1);
        Gate other = new Gate(2, 20, 0, "", "make");

        forks.opened(other, false);
        assertThat(task(20).gate()).isEqualTo(other);
        assertThat(task(21).gate()).isNull();
        forks.opened(other, true);
        assertThat(task(21).gate()).isEqualTo(other);
    }

    @Test
    public void shouldReadWhatIsWantedAtAnInitBefore() throws IOException {
        Files.writeString(
                folder.getRoot().toPath().resolve("passwd"),
                "root:x:0:0::/root:/bin/sh\nmia:x:7:7::/:/\n");
        interest.wantForAll();
        interest.want(TaskEvent.INIT, Capture.CMDLINE, Capture.CWD, Capture.USER);
        fork(11, 10, 0);
        proc.process(11, 10, at(0), "ls");
        proc.link(11, "cwd", "/var");
        recorder.executed(at(1), 11, 11, _ -> false);

        TaskNotification init = asked(11, 2, FLAGS).init();
        assertThat(init.details().userName()).isEqualTo(Detail.of("root"));
        assertThat(init.details().commandLine()).isEqualTo(Detail.of(List.of("ls", "-x")));
        assertThat(init.details().workingDirectory()).isEqualTo(Detail.of("/var"));
        recorder.userChanged(at(3), 11, 11, 7, 7);
        assertThat(asked(11, 4, FLAGS).init().details().userName()).isEqualTo(Detail.of("mia"));
    }

    @Test
    public void shouldGiveTheChildTheDetailsThatAForkCopies() {
        Fork fork = allowed(10, 0);
        recorder.renamed(at(1), 10, 10, "cc");
        recorder.accept(cloned(11, 2, 10, 10));

        assertThat(fork.init().details().comm()).isEqualTo(Detail.of("sh"));
        assertThat(task(11).details().comm()).isEqualTo(Detail.of("cc"));
    }
}
