// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.core;

import static org.awaitility.Awaitility.await;
import static org.taskwatch.core.Fixture.bundle;
import static org.taskwatch.core.Fixture.task;

import org.jspecify.annotations.Nullable;
import org.junit.Test;
import org.taskwatch.api.Delivery;
import org.taskwatch.api.Task;
import org.taskwatch.api.TaskEvent;
import org.taskwatch.api.TaskNotification;
import org.taskwatch.api.TaskWatcher;
import org.taskwatch.api.Verdict;
import org.taskwatch.api.tool.TaskTable;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/// What a watcher that wants the tasks that exist is told.
public class SnapshotTest {
    private final List<String> told = Collections.synchronizedList(new ArrayList<>());
    private final Fixture core = new Fixture();
    private final FakeTable table = new FakeTable();

    /// A table that gives no snapshot before it is told to.
    private final class FakeTable implements TaskTable {
        private final List<Consumer<List<TaskNotification>>> receivers = new ArrayList<>();

        @Override
        public @Nullable Task task(int tid) {
            return null;
        }

        @Override
        public Collection<Task> tasks() {
            return List.of();
        }

        @Override
        public void snapshot(Consumer<List<TaskNotification>> receiver) {
            receivers.add(receiver);
        }

        void giveSnapshot(Integer... tids) {
            giveSnapshot(Arrays.stream(tids).map(Fixture::task).toArray(Task[]::new));
        }

        void giveSnapshot(Task... tasks) {
            List<TaskNotification> existing =
                    Arrays.stream(tasks).map(SnapshotTest::existing).toList();
            receivers.forEach(receiver -> receiver.accept(existing));
        }
    }

    private static TaskNotification existing(Task task) {
        return TaskNotification.of(
                TaskEvent.CLONE,
                0,
                task,
                task.details(),
                0,
                0,
                "test",
                TaskNotification.Origin.EXISTING);
    }

    private TaskWatcher telling(String name) {
        return n -> {
            told.add(name + " " + n.event() + " " + n.task().tid() + " " + n.origin());
            return Verdict.ALLOW;
        };
    }

    private void join(String name, String module) {
        core.add(bundle(module), Delivery.QUEUED, true, 0, telling(name), TaskEvent.EXEC);
    }

    private void awaitTold(String... lines) {
        await().until(() -> told.equals(List.of(lines)));
    }

    @Test
    public void shouldTellTheTasksThatExistAndThenTheStream() {
        core.snapshots.table(table);
        join("w", "m");
        core.notifier.notify(TaskEvent.EXEC, 0, task(1));

        table.giveSnapshot(1, 2);
        core.notifier.notify(TaskEvent.EXEC, 0, task(3));

        awaitTold("w CLONE 1 EXISTING", "w CLONE 2 EXISTING", "w EXEC 3 RAISED");
    }

    @Test
    public void shouldWaitForATable() {
        join("w", "m");
        core.notifier.notify(TaskEvent.EXEC, 0, task(1));
        core.snapshots.table(table);
        table.giveSnapshot(1);
        core.notifier.notify(TaskEvent.EXEC, 0, task(2));

        awaitTold("w CLONE 1 EXISTING", "w EXEC 2 RAISED");
    }

    @Test
    public void shouldTellThemToThatWatcherAlone() {
        core.snapshots.table(table);
        var bundle = bundle("m");
        core.add(bundle, Delivery.QUEUED, true, 0, telling("w"), TaskEvent.EXEC);
        core.add(bundle, Delivery.QUEUED, 0, telling("other"), TaskEvent.EXEC);
        core.queued(bundle("n"), telling("else"));

        table.giveSnapshot(1);

        awaitTold("w CLONE 1 EXISTING");
    }

    @Test
    public void shouldLeaveOutTheThreadsForAWatcherOfProcesses() {
        core.snapshots.table(table);
        core.add(
                bundle("m"),
                Delivery.QUEUED,
                true,
                0,
                telling("w"),
                new Subscription(Set.of(TaskEvent.EXEC), Set.of(), false));

        table.giveSnapshot(task(1), Fixture.thread(2, 1), task(3));

        awaitTold("w CLONE 1 EXISTING", "w CLONE 3 EXISTING");
    }

    @Test
    public void shouldLoseNoneHoweverManyThereAre() {
        core.snapshots.table(table);
        join("w", "m");
        Integer[] tids = new Integer[1_000];
        Arrays.setAll(tids, i -> i);

        table.giveSnapshot(tids);

        await().until(() -> told.size() == 1_000);
    }
}
