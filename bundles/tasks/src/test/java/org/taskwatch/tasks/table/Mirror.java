// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.tasks.table;

import org.taskwatch.api.TaskDetails;
import org.taskwatch.api.TaskNotification;
import org.taskwatch.api.spi.TaskNotifier;
import org.taskwatch.source.TaskRecord;
import org.taskwatch.tasks.RecordingSink;
import org.taskwatch.tasks.detail.DetailBudget;
import org.taskwatch.tasks.detail.UserNames;
import org.taskwatch.tasks.fake.FakeCore;
import org.taskwatch.tasks.fake.FakeInterest;
import org.taskwatch.tasks.fake.FakeSource;
import org.taskwatch.tasks.procfs.ProcFs;
import org.taskwatch.tasks.pump.EventReporter;

import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;

/// A table of another machine, without `/proc`, that knows only what is recorded of the first.
final class Mirror implements RecordingSink {
    final FakeCore core = new FakeCore();
    private final TableUpdater updater;

    Mirror(Path emptyFolder) {
        updater = tableOfAnotherMachine(emptyFolder, core);
    }

    /// {@return a table that knows of its tasks by records alone}
    ///
    /// @param emptyFolder in place of `/proc`
    /// @param core is told the events
    static TableUpdater tableOfAnotherMachine(Path emptyFolder, TaskNotifier core) {
        DetailBudget budget = new DetailBudget();
        FakeInterest interest = new FakeInterest();
        LiveTasks tasks = new LiveTasks(budget, () -> {});
        ProcFs proc = new ProcFs(emptyFolder);
        DetailReader reader = new DetailReader(proc, interest, new UserNames(Path.of("/")), budget);
        Clocks clocks = new Clocks(InstantSource.system());
        Recordings recordings = new Recordings(tasks, clocks, () -> {});
        EventReporter reporter =
                new EventReporter(core, reader, new LabelRules(() -> {}), clocks, recordings);
        GateForks forks = new GateForks(tasks, proc, core, () -> {}, () -> {});
        Table table =
                Table.of(
                        tasks, proc, reader, budget, reporter, clocks, recordings, interest, forks);
        FakeSource recording = new FakeSource("recording");
        recording.isLocal = false;
        table.updater().source(recording);
        return table.updater();
    }

    @Override
    public void source(String name, long epochNanos, long bootNanos) {}

    @Override
    public void accept(TaskRecord record) {
        updater.accept(record);
    }

    @Override
    public void lost(long count, String cause, long sinceNanos) {
        updater.lost(count, cause, sinceNanos);
    }

    /// {@return what watchers were told, as [#told(FakeCore)]}
    List<String> told() {
        return told(core);
    }

    /// {@return what watchers were told, with what they can know of the task}
    static List<String> told(FakeCore core) {
        return core.notifications().stream().map(Mirror::line).toList();
    }

    private static String line(TaskNotification told) {
        TaskDetails details = told.details();
        return "%s %s %d of %d: %d, %s %s %s in %s, %s, %s, %s"
                .formatted(
                        told.origin(),
                        told.event(),
                        told.task().tid(),
                        told.task().pid(),
                        told.value(),
                        details.comm(),
                        details.executable(),
                        details.commandLine(),
                        details.workingDirectory(),
                        details.cgroup(),
                        details.credentials(),
                        details.usage().value());
    }
}
