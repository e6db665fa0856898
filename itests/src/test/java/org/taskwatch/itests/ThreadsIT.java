// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.itests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.Assume.assumeTrue;

import org.junit.Test;
import org.junit.runner.RunWith;
import org.ops4j.pax.exam.junit.PaxExam;
import org.osgi.framework.ServiceRegistration;
import org.taskwatch.api.Task;
import org.taskwatch.api.TaskWatcher;

import java.util.Map;

/// The lives of threads, and of processes that have more than one, on the live kernel.
@RunWith(PaxExam.class)
public class ThreadsIT extends LifeFixture {
    @Test
    public void shouldTellTheExitOfAProcessAfterItsLastThreadIfTheFirstHasLeft() throws Exception {
        Process process = start("leader");
        Pair pair = read(process);
        awaitThat(() -> state(pair.a()) == 'Z');
        awaitAllTold();
        assertThat(diary.life(pair.a())).endsWith("EXEC");
        assertThat(diary.life(pair.b())).containsExactly("CLONE");

        endInput(process);
        awaitTold(pair.a(), "FREE 1792");
        Map<Task, String> lives = diary.lives(task -> task.pid() == pair.a());
        assertThat(lives.values())
                .containsExactly(
                        "CLONE,EXEC,EXEC,EXIT 1792,FREE 1792", "CLONE,EXIT 1792,FREE 1792");
    }

    @Test
    public void shouldTellThatExitAfterTheLastThreadTooIfNobodyWantsThreads() throws Exception {
        watchProcessesOnly();
        Process process = start("leader");
        Pair pair = read(process);
        awaitThat(() -> state(pair.a()) == 'Z');
        awaitAllTold();
        assertThat(diary.life(pair.a())).endsWith("EXEC");
        assertThat(table.task(pair.b())).isNull();

        endInput(process);
        awaitTold(pair.a(), "FREE 1792");
        assertThat(diary.lives(task -> task.pid() == pair.a()).values())
                .containsExactly("CLONE,EXEC,EXEC,EXIT 1792,FREE 1792");
    }

    @Test
    public void shouldTellOneLifeOfThatProcessTooIfNobodyWantsThreads() throws Exception {
        watchProcessesOnly();
        Pair pair = read(start("exec"));
        awaitTold(pair.a(), "FREE 768");

        assertThat(diary.lives(task -> task.pid() == pair.a()).values())
                .containsExactly("CLONE,EXEC,EXEC,EXEC,EXIT 768,FREE 768");
    }

    @Test
    public void shouldTellNothingOfThreadsUntilSomebodyWantsThem() throws Exception {
        watchProcessesOnly();
        Map<Task, String> before = diary.lives(Task::isThread); // when it was told of threads
        long clones = sources.counts().clones();
        Process storm = start("threads", "1000");
        assertThat(storm.waitFor()).isZero();
        awaitTold((int) storm.pid(), "FREE 0");
        assertThat(sources.counts().clones()).isEqualTo(clones);
        Process process = start("leader");
        Pair pair = read(process);
        Diary joined = new Diary();
        ServiceRegistration<TaskWatcher> joiner = register(joined, true, true);
        try {
            awaitThat(() -> joined.life(pair.b()).contains("CLONE")); // it was there before
            Process next = start("threads", "100");
            endInput(process);
            awaitThat(() -> joined.life(pair.a()).contains("FREE 1792"));
            assertThat(joined.life(pair.b())).containsExactly("CLONE", "EXIT 1792", "FREE 1792");
            awaitThat(() -> joined.life((int) next.pid()).contains("FREE 0"));
            assertThat(joined.lives(t -> t.isThread() && t.pid() == (int) next.pid()).values())
                    .hasSize(100)
                    .containsOnly("CLONE,EXIT 0,FREE 0");
            assertThat(diary.lives(Task::isThread)).isEqualTo(before);
            assertThat(joined.losses()).isEmpty();
        } finally {
            joiner.unregister();
        }
        awaitThat(() -> isFiltering(1));
    }

    @Test
    public void shouldTellThreadsFromTheRegistrationOfWhoWantsThemOn() throws Exception {
        for (int i = 0; i < 20; i++) {
            watchProcessesOnly();
            Diary joined = new Diary();
            ServiceRegistration<TaskWatcher> joiner = register(joined, true, false);
            try {
                Process process = start("threads", "10");
                assertThat(process.waitFor()).isZero();
                awaitThat(() -> joined.life((int) process.pid()).contains("FREE 0"));
                assertThat(joined.lives(t -> t.isThread() && t.pid() == process.pid()).values())
                        .hasSize(10)
                        .containsOnly("CLONE,EXIT 0,FREE 0");
            } finally {
                joiner.unregister();
            }
        }
    }

    @Test
    public void shouldTellOneLifeOfAProcessWhoseOtherThreadExecutes() throws Exception {
        Pair pair = read(start("exec"));
        awaitTold(pair.a(), "FREE 768");

        assertThat(diary.life(pair.a()))
                .containsExactly("CLONE", "EXEC", "EXEC", "EXEC", "EXIT 768", "FREE 768");
        assertThat(diary.lives(task -> task.isThread() && task.pid() == pair.a()).values())
                .hasSize(2)
                .allMatch(life -> life.matches("CLONE,EXIT -?\\d+,FREE -?\\d+"));
    }

    @Test
    public void shouldTellTheLifeOfEachOfTenThousandThreadsOnce() throws Exception {
        Process process = start("threads", THREADS + "");
        int pid = (int) process.pid();
        assumeTrue("needs the limits to allow 10,000 threads", process.waitFor() == 0);
        awaitThat(() -> diary.life(pid).contains("FREE 0"));

        assertThat(diary.losses()).isEmpty();
        assertThat(diary.lives(task -> task.isThread() && task.pid() == pid).values())
                .hasSize(THREADS)
                .containsOnly("CLONE,EXIT 0,FREE 0");
    }
}
