// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.itests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.Assume.assumeTrue;

import org.junit.Test;
import org.junit.runner.RunWith;
import org.ops4j.pax.exam.junit.PaxExam;
import org.taskwatch.api.Credentials;
import org.taskwatch.api.Detail;
import org.taskwatch.api.Task;
import org.taskwatch.api.TaskEvent;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/// Lives out of the ordinary, on the live kernel: what is told of each, how often and in which order.
/// The processes are made by `life.c`, which is compiled here.
@RunWith(PaxExam.class)
public class LifeIT extends LifeFixture {
    // linux/sched.h
    private static final int CLONE_PARENT = 0x8000;
    private static final int CLONE_NEWUSER = 0x1000_0000;
    private static final int CLONE_NEWPID = 0x2000_0000;

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
        assumeTrue("needs root in the first pid namespace", Files.isWritable(LAST_PID) && isRoot());
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
    public void shouldTellAChildOfCloneParentAsOneOfItsMakersParent() throws Exception {
        Process process = start("sibling");
        Pair pair = read(process);
        awaitTold(pair.b(), "FREE 1536");

        assertThat(diary.life(pair.b())).containsExactly("CLONE", "EXIT 1536", "FREE 1536");
        Task child = diary.tasks(pair.b()).getLast();
        assertThat(Objects.requireNonNull(child.parent()).pid()).isEqualTo((int) process.pid());
        assertFlags(pair.b(), CLONE_PARENT);
    }

    @Test
    public void shouldTellProcessesWithPidsOfTheirOwnByThoseOfTheMachine() throws Exception {
        assumeTrue("needs root, to make namespaces", isRoot());
        Process process = start("pids");
        Pair pair = read(process);
        awaitTold(pair.b(), "FREE 2304");
        awaitThat(() -> ofGrandchildren(pair.a()).anyMatch(life -> life.contains("FREE")));

        assertThat(diary.life(pair.b())).containsExactly("CLONE", "EXIT 2304", "FREE 2304");
        assertThat(ofGrandchildren(pair.a())).containsExactly("CLONE,EXEC,EXIT 2048,FREE 2048");
        assertFlags(pair.b(), CLONE_NEWPID);
    }

    @Test
    public void shouldTellUsersOfANamespaceByTheIdsOutside() throws Exception {
        assumeTrue("needs root, to make namespaces", isRoot());
        Pair pair = read(start("users"));
        awaitTold(pair.b(), "FREE 2560");

        assertThat(diary.life(pair.b()))
                .containsExactly("CLONE", "GID", "UID", "EXIT 2560", "FREE 2560");
        assertThat(diary.tasks(pair.b()).getLast().details().credentials())
                .isEqualTo(Detail.of(new Credentials(4711, 4712, 4711, 4712)));
        assertFlags(pair.b(), CLONE_NEWUSER);
    }

    /// Fails unless the flags of a clone are told, or, by the connector, that they are not known.
    private void assertFlags(int tid, int flag) {
        long value = diary.value(tid, TaskEvent.CLONE);
        if (source().equals("connector")) {
            assertThat(value).isEqualTo(-1);
        } else {
            assertThat(value & flag).isEqualTo(flag);
        }
    }

    @Test
    public void shouldTellEachOfTwentyThousandLivesInOrder() throws Exception {
        Process process = start("processes", PROCESSES + "");
        int pid = (int) process.pid();
        assertThat(process.waitFor()).isZero();
        // That a child is free may be told after the same of its parent.
        awaitThat(() ->
                ofGrandchildren(pid).filter(life -> life.contains("FREE")).count() == PROCESSES);

        assertThat(diary.losses()).isEmpty();
        List<String> lives = ofGrandchildren(pid).toList();
        assertThat(lives)
                .hasSize(PROCESSES)
                .containsOnly("CLONE,EXIT 0,FREE 0", "CLONE,EXEC,EXIT 0,FREE 0");
        assertThat(lives.stream().filter(life -> life.contains("EXEC"))).hasSize(PROCESSES / 10);
    }

    private Stream<String> ofGrandchildren(int pid) {
        return diary.lives(task -> isGrandchild(task, pid)).values().stream();
    }
}
