// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.shell.stream;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.Test;
import org.taskwatch.api.Loss;
import org.taskwatch.api.TaskEvent;
import org.taskwatch.testing.FakeTask;

import java.time.Instant;
import java.util.List;

public class TreeTest {
    // Numbers that no process of the machine can have: it is asked whether they are gone.
    private final FakeTask init = FakeTask.process(1, null, "init", "init");
    private final FakeTask make = FakeTask.process(2_000_000_001, init, "make", "make");
    private final FakeTask cc = FakeTask.process(2_000_000_002, make, "cc", "cc", "-c");
    private final FakeTask as = FakeTask.process(2_000_000_003, cc, "as", "as");

    @Test
    public void shouldKnowDescendantsAndTheirDepthByWhoForkedWhom() {
        Lineage lineage = Lineage.from(make);

        assertThat(lineage.contains(make)).isTrue();
        assertThat(lineage.contains(as)).isTrue();
        assertThat(lineage.contains(as.thread(7))).isTrue();
        assertThat(lineage.contains(init)).isFalse();
        assertThat(lineage.depth(make)).isZero();
        assertThat(lineage.depth(as)).isEqualTo(2);
        assertThat(lineage.depth(as.thread(7))).isEqualTo(3);
    }

    @Test
    public void shouldLeaveOutTheAncestorAndItsThreadsWhereItIsNotInTheTree() {
        Lineage lineage = Lineage.below(make, FakeTask.START);

        assertThat(lineage.contains(make)).isFalse();
        assertThat(lineage.contains(make.thread(7))).isFalse();
        assertThat(lineage.contains(as)).isTrue();
        assertThat(lineage.depth(cc)).isZero();
        assertThat(lineage.depth(cc.thread(8))).isEqualTo(1);
    }

    @Test
    public void shouldLeaveOutChildrenOfTheTimeBefore() {
        Lineage lineage = Lineage.below(make, FakeTask.START.plusNanos(1));
        FakeTask next = FakeTask.process(2_000_000_004, make).started(FakeTask.START.plusNanos(1));

        assertThat(lineage.contains(cc)).isFalse();
        assertThat(lineage.contains(as)).isFalse();
        assertThat(lineage.contains(next)).isTrue();
        assertThat(lineage.contains(FakeTask.process(2_000_000_005, next))).isTrue();
    }

    @Test
    public void shouldEndWithTheLastProcess() {
        Tree tree = new Tree(List.of(make, cc));

        assertThat(tree.take(cc.event(TaskEvent.CLONE, 0, 1))).as("was there already").isFalse();
        assertThat(tree.take(as.event(TaskEvent.CLONE, 0, 2))).isTrue();
        tree.take(make.event(TaskEvent.EXIT, 0, 3));
        tree.take(as.event(TaskEvent.EXIT, 0, 4));
        assertThat(tree.hasEnded()).isFalse();
        tree.take(cc.thread(7).event(TaskEvent.EXIT, 0, 5));
        assertThat(tree.hasEnded()).isFalse();
        tree.take(cc.event(TaskEvent.EXIT, 0, 6));
        assertThat(tree.hasEnded()).isTrue();
    }

    @Test
    public void shouldNotTakeWhatIsRaisedByHandForWhatHasHappened() {
        Tree tree = new Tree(List.of(make));

        assertThat(tree.take(make.raised(TaskEvent.EXIT, 0, 1))).isFalse();
        assertThat(tree.take(cc.raised(TaskEvent.CLONE, 0, 2))).isFalse();
        assertThat(tree.hasEnded()).isFalse();
        assertThat(tree.summary(false)).contains("processes  0");
    }

    @Test
    public void shouldAwaitTheEndsThatAreToldAfterThatOfTheRoot() {
        Tree tree = new Tree(List.of());
        assertThat(tree.hasRootEnded()).isFalse();
        tree.take(make.event(TaskEvent.CLONE, 0, 1));
        tree.take(cc.event(TaskEvent.CLONE, 0, 2));
        tree.take(make.event(TaskEvent.EXIT, 0, 3));

        assertThat(tree.hasRootEnded()).isFalse();
        tree.take(cc.event(TaskEvent.EXIT, 0, 4));
        assertThat(tree.hasRootEnded()).isTrue();
    }

    @Test
    public void shouldForgetAfterALossWhomTheTableKnowsToHaveEnded() {
        FakeTask freed = FakeTask.process(7, make, cc.details()).freed();
        Tree tree = new Tree(List.of(freed));

        tree.take(new Loss(3, Loss.Place.LANE, "full", Instant.EPOCH));

        assertThat(tree.hasEnded()).isTrue();
        assertThat(tree.summary(false)).contains("lost       3 events");
    }

    @Test
    public void shouldSumUpWhatHasHappened() {
        Tree tree = new Tree(List.of());
        tree.take(make.event(TaskEvent.CLONE, 0, 1));
        tree.take(make.event(TaskEvent.EXEC, 0, 2));
        tree.take(cc.event(TaskEvent.CLONE, 0, 3));
        tree.take(as.event(TaskEvent.CLONE, 0, 4));
        tree.take(as.thread(7).event(TaskEvent.CLONE, 0, 5));
        tree.take(as.event(TaskEvent.EXEC, 0, 6));
        tree.take(as.event(TaskEvent.EXEC, 0, 7));
        tree.take(as.event(TaskEvent.EXIT, 9, 8));
        tree.take(cc.event(TaskEvent.EXIT, -1, 9));
        tree.take(make.event(TaskEvent.EXIT, 512, 10));

        assertThat(tree.summary(true))
                .isEqualTo(
                        """
                        time       0.000 s
                        processes  3, at most 3 at once
                        threads    1 besides the first of each process
                        execs      3: as 2, make 1
                        failed     1 by exit code, 1 by signal
                        unknown    1 of which the status can't be known
                        """);
    }

    @Test
    public void shouldCountByTimeHowManyWereAliveAtOnce() {
        Peak peak = new Peak();
        peak.add(1, 1);
        peak.add(10, 1);
        peak.add(30, 1); // told before the end that came first
        peak.add(20, -1);

        assertThat(peak.most()).isEqualTo(2);
    }

    @Test
    public void shouldIndentALineByTheDepthOfItsTask() {
        TreeFormat format = new TreeFormat(Lineage.from(make));
        StringBuilder text = new StringBuilder();

        format.append(text, make.event(TaskEvent.CLONE, 0, 1));
        format.append(text, cc.event(TaskEvent.EXEC, 0, 1));
        format.append(text, as.event(TaskEvent.EXIT, 9, 1));
        format.append(text, as.thread(7).event(TaskEvent.CLONE, 0, 1));

        assertThat(text.toString().replaceAll("\\d\\d:\\d\\d:\\d\\d\\.\\d+ | -?\\d+\\.\\d+ s", ""))
                .isEqualTo(
                        """
                        CLONE 2000000001 make
                        EXEC    2000000002 cc -c
                        EXIT      2000000003 as: signal 9 after
                        CLONE       thread 7 as
                        """);
    }

    @Test
    public void shouldNotTakeAForkThatCameToNothingForAProcess() {
        Lineage lineage = Lineage.from(make);
        Tree tree = new Tree(List.of(make));
        FakeTask unborn = cc.unborn();
        StringBuilder text = new StringBuilder();
        for (TaskEvent event : List.of(TaskEvent.INIT, TaskEvent.FREE)) {
            assertThat(tree.take(unborn.event(event, 0x11, 1))).isTrue();
            new TreeFormat(lineage).append(text, unborn.event(event, 0x11, 1));
        }

        assertThat(lineage.contains(unborn)).isTrue();
        assertThat(tree.summary(false)).contains("processes  0, at most 0 at once\nrunning    1");
        assertThat(text.toString())
                .contains("INIT      (unborn) ", ": asks to fork, flags 0x11\n")
                .contains("FREE      (unborn) ");
        tree.take(make.event(TaskEvent.EXIT, 0, 2));
        assertThat(tree.hasEnded()).isTrue();
    }

    @Test
    public void shouldTellOnlySoManyProgramsApartHoweverManyNamesTheyHave() {
        Tree tree = new Tree(List.of());
        for (int i = 0; i < 5_000; i++) {
            tree.take(FakeTask.process(i, null, "c" + i).event(TaskEvent.EXEC, 0, i));
        }

        assertThat(tree.summary(false))
                .contains("5000: (others) 904, c0 1,")
                .contains("and 4087 other programs");
    }
}
