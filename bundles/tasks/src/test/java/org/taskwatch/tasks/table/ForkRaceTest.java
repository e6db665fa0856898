// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.tasks.table;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.Test;
import org.taskwatch.api.Gate;
import org.taskwatch.api.Task;
import org.taskwatch.api.TaskNotification;
import org.taskwatch.source.Fact;
import org.taskwatch.source.TaskRecord;
import org.taskwatch.source.TaskRecord.Kind;
import org.taskwatch.tasks.Fork;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/// A fork whose birth is read while its gate ends it.
public class ForkRaceTest extends TableTest {
    private static final int ROUNDS = 2_000;
    private static final int FIRST = 1_000;

    private final Gate gate = new Gate(1, 10, 0, "", "sh");
    private final TaskRecord record = new TaskRecord();
    private final List<Fork> asked = new ArrayList<>();

    @Test
    public void shouldTellEachUnbornTaskEitherItsBirthOrItsEnd() throws Exception {
        CyclicBarrier both = new CyclicBarrier(2);
        try (ExecutorService gates = Executors.newSingleThreadExecutor()) {
            for (int i = 0; i < ROUNDS; i++) {
                Fork fork = forks.begin(gate, 10, 0, at(i));
                asked.add(fork);
                fork.allowed();
                Future<?> end =
                        gates.submit(() -> {
                            both.await(10, TimeUnit.SECONDS);
                            fork.ended(4, "the fork was interrupted");
                            return null;
                        });
                both.await(10, TimeUnit.SECONDS);
                live(FIRST + i, i);
                end.get(10, TimeUnit.SECONDS);
            }
        }
        Set<Task> born = tasks(core.notifications());
        Set<Task> freed = tasks(gateCore.notifications());
        assertThat(born).hasSize(ROUNDS).doesNotContainAnyElementsOf(freed);
        assertThat(gateCore.notifications()).hasSize(freed.size());
        assertThat(asked)
                .allMatch(fork -> born.contains(fork.init().task()) != isFreed(fork, freed));
        assertThat(forks.matcher().patience(1000)).isEqualTo(1000);
    }

    private static boolean isFreed(Fork fork, Set<Task> freed) {
        return freed.contains(fork.init().task());
    }

    private static Set<Task> tasks(List<TaskNotification> told) {
        Set<Task> tasks = new HashSet<>();
        told.forEach(event -> tasks.add(event.task()));
        return tasks;
    }

    private void live(int pid, long millis) {
        recorder.accept(
                record.begin(Kind.CLONED, at(millis), pid, pid)
                        .set(Fact.CREATOR_TID, 10)
                        .set(Fact.PARENT_TID, 10)
                        .set(Fact.PARENT_PID, 10));
        recorder.exited(at(millis), pid, pid, 0);
        recorder.freed(at(millis), pid);
    }
}
