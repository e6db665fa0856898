// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.tasks.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.Test;
import org.taskwatch.api.Capture;
import org.taskwatch.api.Detail;
import org.taskwatch.tasks.detail.DetailLimits;

import java.util.List;

/// How much the details in the table hold, of each user and in all.
public class DetailBudgetTest extends TableTest {
    private static final int SMALL = 64 << 10;
    private static final int MIA = 1000;

    private void limit(int perUser, int total) {
        budget.limits(new DetailLimits(8192, perUser, total));
    }

    /// Has a process of mia execute a program with arguments of so many bytes.
    private Detail<List<String>> execute(int pid, int bytes) {
        proc.process(pid, 10, start, "sh");
        recorder.cloned(at(0), pid, pid, 10, 10, 0);
        recorder.userChanged(at(1), pid, pid, MIA, MIA);
        return executeAgain(pid, bytes);
    }

    private Detail<List<String>> executeAgain(int pid, int bytes) {
        proc.file(pid, "cmdline", "x".repeat(bytes - 1) + "\0");
        recorder.executed(at(2), pid, pid, _ -> false);
        return task(pid).details().commandLine();
    }

    private void end(int pid) {
        proc.remove(pid);
        recorder.exited(at(3), pid, pid, 0);
        recorder.freed(at(4), pid);
    }

    @Test
    public void shouldKeepOnlyBeginningsForAUserWhoHasUsedUpHisBudget() {
        limit(SMALL, 1 << 20);
        int pid = 100;
        while (budget.used(MIA) < SMALL) {
            assertThat(execute(pid++, 8192).isCut()).isFalse();
        }
        assertThat(pid).isEqualTo(108);

        Detail<List<String>> cut = execute(pid, 8192);
        assertThat(cut.isCut()).isTrue();
        assertThat(cut.value().orElseThrow()).containsExactly("x".repeat(256));
        assertThat(executeAgain(10, 8192).isCut()).as("of root").isFalse();
        end(100);
        assertThat(executeAgain(pid, 8192).isCut()).as("after one has ended").isFalse();
    }

    @Test
    public void shouldKeepOnlyBeginningsForAllOnceAllHaveUsedUpTheirs() {
        limit(1 << 20, SMALL);
        for (int pid = 100; budget.used() < SMALL; pid++) {
            execute(pid, 8192);
        }

        assertThat(executeAgain(10, 8192).isCut()).as("of root").isTrue();
        assertThat(executeAgain(10, 256).isCut()).as("of root, short").isFalse();
    }

    @Test
    public void shouldHoldNothingForAUserWhoseTasksHaveEnded() {
        long before = budget.used();
        for (int pid = 100; pid < 120; pid++) {
            execute(pid, pid * 10);
            executeAgain(pid, pid * 20);
            recorder.userChanged(at(2), pid, pid, pid, pid);
            recorder.cloned(at(2), pid + 1000, pid + 1000, pid, pid, 0);
        }
        assertThat(budget.used(MIA)).isZero();
        assertThat(budget.used(110)).isGreaterThan(2 * 110 * 20L);
        for (int pid = 100; pid < 120; pid++) {
            end(pid);
            end(pid + 1000);
        }

        assertThat(budget.used(110)).isZero();
        assertThat(budget.used()).isEqualTo(before);
    }

    @Test
    public void shouldHoldNothingForATaskWhoseFreeCouldNotBeTold() {
        execute(100, 8192);
        proc.remove(100);
        recorder.exited(at(3), 100, 100, 0);
        core.failing =
                () -> {
                    throw new AssertionError("on purpose");
                };

        assertThatThrownBy(() -> recorder.freed(at(4), 100)).hasMessage("on purpose");

        assertThat(budget.used(MIA)).isZero();
    }

    @Test
    public void shouldNotChargeThreadsForTheProgramOfTheirProcess() {
        execute(100, 8192);
        long before = budget.used();
        for (int tid = 200; tid < 300; tid++) {
            recorder.cloned(at(3), tid, 100, 100, 100, 0);
        }

        assertThat(budget.used()).isEqualTo(before);
        assertThat(task(250).details().heapBytes()).isGreaterThan(8192);
    }

    @Test
    public void shouldChargeThreadsForThePlaceOfTheirProcessOnlyOnceItIsElsewhere() {
        interest.wantForAll(Capture.CWD);
        execute(100, 20);
        proc.link(100, "cwd", "/" + "d".repeat(1000));
        recorder.userChanged(at(2), 100, 100, MIA, MIA + 1);
        long before = budget.used(MIA);
        assertThat(before).isGreaterThan(1000);
        for (int tid = 200; tid < 300; tid++) {
            recorder.cloned(at(3), tid, 100, 100, 100, 0);
        }
        assertThat(budget.used(MIA)).isEqualTo(before);

        proc.link(100, "cwd", "/");
        recorder.userChanged(at(4), 100, 100, MIA, MIA);
        assertThat(task(250).details().workingDirectory().orElse("")).hasSize(1001);
        assertThat(budget.used(MIA)).isGreaterThan(100 * 1000);
        recorder.executed(at(5), 100, 100, _ -> false);
        end(100);
        assertThat(budget.used(MIA)).isZero();
    }

    @Test
    public void shouldKeepOnlyBeginningsOfLongDetailsOfATaskThatIsGone() {
        execute(100, 8192);
        LinuxTask kept = task(100);
        execute(101, 20);
        LinuxTask small = task(101);
        end(100);
        end(101);

        assertThat(core.notifications().getLast().task()).isSameAs(small);
        assertThat(core.notifications())
                .filteredOn(n -> n.task() == kept)
                .last()
                .satisfies(free -> assertThat(free.details().commandLine().isCut()).isFalse());
        assertThat(kept.details().heapBytes()).isLessThan(400);
        assertThat(kept.details().commandLine().isCut()).isTrue();
        assertThat(kept.details().comm()).isEqualTo(Detail.of("sh"));
        assertThat(small.details().commandLine()).isEqualTo(Detail.of(List.of("x".repeat(19))));
    }

    @Test
    public void shouldTakeLimitsThatMakeSense() {
        assertThat(DetailLimits.of("256", "65536", "1073741824"))
                .isEqualTo(new DetailLimits(256, 65536, 1 << 30));
        assertThat(DetailLimits.of(" 131072 ", "8388608", "67108864").arguments())
                .isEqualTo(131072);
    }

    @Test
    public void shouldSayWhatToWriteInsteadOfALimitThatMakesNoSense() {
        for (String wrong : new String[] {"255", "131073", "8k", ""}) {
            assertThatThrownBy(() -> DetailLimits.of(wrong, "65536", "65536"))
                    .hasMessage(
                            "arguments.max is \""
                                    + wrong
                                    + "\"; in etc/org.taskwatch.tasks.cfg set it to a number of"
                                    + " bytes from 256 to 131072");
        }
        assertThatThrownBy(() -> DetailLimits.of("256", "1", "65536"))
                .hasMessageStartingWith("details.per.user is \"1\"");
        assertThatThrownBy(() -> DetailLimits.of("256", "65536", "2000000000"))
                .hasMessageStartingWith("details.total is \"2000000000\"");
    }
}
