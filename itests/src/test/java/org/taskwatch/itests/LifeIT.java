// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.itests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.Assume.assumeTrue;

import org.junit.Test;
import org.junit.runner.RunWith;
import org.ops4j.pax.exam.junit.PaxExam;
import org.taskwatch.api.Task;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/// Lives out of the ordinary, on the live kernel: what is told of each, how often and in which order.
/// The processes are made by `life.c`, which is compiled here.
@RunWith(PaxExam.class)
public class LifeIT extends LifeFixture {
    @Test
    public void shouldNotTellTheFreeOfAZombieUntilItIsReaped() throws Exception {
        Process process = start("zombie");
        Pair pair = read(process);
        awaitTold(pair.b(), "EXIT 1280");
        awaitAllTold();
        assertThat(diary.life(pair.b())).containsExactly("CLONE", "EXIT 1280");
        assertThat(table.task(pair.b())).isNotNull().matches(task -> !task.isFreed());

        endInput(process);
        awaitTold(pair.b(), "FREE 1280");
        assertThat(table.task(pair.b())).isNull();
    }

    @Test
    public void shouldKeepWhoForkedATaskAsItsParentWhenTheKernelGivesItAnother() throws Exception {
        Process process = start("orphan");
        Pair pair = read(process);
        awaitTold(pair.a(), "FREE 0");
        Task child = Objects.requireNonNull(table.task(pair.b()));
        Task forker = Objects.requireNonNull(child.parent());

        assertThat(forker.pid()).isEqualTo(pair.a());
        assertThat(forker.isFreed()).isTrue();
        assertThat(Files.readString(Path.of("/proc/" + pair.b() + "/stat")).split(" ")[3])
                .isNotEqualTo(pair.a() + "");
        endInput(process);
        awaitTold(pair.b(), "FREE 1024");
        assertThat(child.parent()).isSameAs(forker);
    }

    @Test
    public void shouldTellTwoLivesOfAPidThatIsUsedAgainAtOnce() throws Exception {
        assumeTrue(
                "needs root in the first pid namespace",
                Files.isWritable(LAST_PID)
                        && Files.getAttribute(Path.of("/proc/self"), "unix:uid").equals(0));
        int pid = read(start("reuse")).b();
        assumeTrue("needs others to leave a pid alone for a moment", pid != 0);
        awaitTold(pid, "FREE 512");

        assertThat(diary.life(pid))
                .endsWith("CLONE", "EXIT 256", "FREE 256", "CLONE", "EXIT 512", "FREE 512");
        List<Task> tasks = diary.tasks(pid);
        Task kept = tasks.get(tasks.size() - 2);
        Task next = tasks.getLast();
        assertThat(kept).isNotEqualTo(next);
        assertThat(kept.isFreed()).isTrue();
        assertThat(kept.exitStatus()).hasValue(256);
        assertThat(next.exitStatus()).hasValue(512);
        assertThat(kept.start()).isBefore(next.start());
    }

    @Test
    public void shouldTellEachOfTwentyThousandLivesInOrder() throws Exception {
        Process process = start("processes", PROCESSES + "");
        int pid = (int) process.pid();
        assertThat(process.waitFor()).isZero();
        awaitThat(() -> diary.life(pid).contains("FREE 0"));

        assertThat(diary.losses()).isEmpty();
        Map<Task, String> lives = diary.lives(task -> isGrandchild(task, pid));
        assertThat(lives.values())
                .hasSize(PROCESSES)
                .containsOnly("CLONE,EXIT 0,FREE 0", "CLONE,EXEC,EXIT 0,FREE 0");
        assertThat(lives.values().stream().filter(life -> life.contains("EXEC")))
                .hasSize(PROCESSES / 10);
    }
}
