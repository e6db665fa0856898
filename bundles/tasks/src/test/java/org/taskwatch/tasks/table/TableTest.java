// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.tasks.table;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.After;
import org.junit.Before;
import org.junit.Rule;
import org.junit.rules.TemporaryFolder;
import org.taskwatch.api.Capture;
import org.taskwatch.source.TaskRecord;
import org.taskwatch.source.TaskSink;
import org.taskwatch.tasks.detail.DetailBudget;
import org.taskwatch.tasks.detail.UserNames;
import org.taskwatch.tasks.fake.FakeCore;
import org.taskwatch.tasks.fake.FakeInterest;
import org.taskwatch.tasks.fake.FakeSource;
import org.taskwatch.tasks.fake.Records;
import org.taskwatch.tasks.procfs.ProcFs;
import org.taskwatch.tasks.pump.EventReporter;
import org.taskwatch.testing.FakeProc;

import java.io.IOException;
import java.time.InstantSource;
import java.util.Objects;

/// A table with the processes 1 and 10 (`sh`), filled from a folder that looks like `/proc`, and short
/// words for records. Times are milliseconds since the start of the test.
abstract class TableTest {
    static final long MILLI = 1_000_000;

    @Rule public final TemporaryFolder folder = new TemporaryFolder();

    final FakeCore core = new FakeCore();

    /// Is told what comes of no record.
    final FakeCore gateCore = new FakeCore();

    final long start = System.nanoTime();
    final DetailBudget budget = new DetailBudget();
    final LiveTasks tasks = new LiveTasks(budget, () -> {});
    final FakeInterest interest = new FakeInterest(Capture.values());
    final LabelRules rules = new LabelRules(() -> {});
    DetailReader captures;
    ThreadEvents threads;
    EventReporter stream;
    GateForks forks;
    FakeProc proc;
    TableUpdater updater;
    Records recorder;
    final FakeSource source =
            new FakeSource("test") {
                @Override
                public boolean hasExecutedAgain(int pid) {
                    return recorder.hasExecutedAgain.test(pid);
                }
            };
    Repair repair;
    private Mirror mirror;

    /// False for a test in which that can't be.
    boolean isRecordedAlike = true;

    @Before
    public void fill() throws IOException {
        proc = new FakeProc(folder.getRoot().toPath(), new ProcFs().bootOffsetNanos());
        ProcFs procFs = new ProcFs(proc.root());
        captures =
                new DetailReader(
                        procFs,
                        interest,
                        new UserNames(folder.getRoot().toPath().resolve("passwd")),
                        budget);
        Clocks clocks = new Clocks(InstantSource.system());
        Recordings recordings = new Recordings(tasks, clocks, () -> {});
        stream = new EventReporter(core, captures, rules, clocks, recordings);
        forks = new GateForks(tasks, procFs, gateCore, () -> {}, () -> {});
        Table table =
                Table.of(
                        tasks,
                        procFs,
                        captures,
                        budget,
                        stream,
                        clocks,
                        recordings,
                        interest,
                        forks);
        threads = table.threads();
        updater = table.updater();
        recorder = new Records(new RecordedSink(updater, recordings));
        updater.source(source);
        repair = table.repair();
        proc.process(10, 1, start - 1000 * MILLI, "sh");
        repair.scan();
        repair.settle();
        task(10).stackNanos = start; // as if it had been read before all that a test records
        mirror = new Mirror(folder.newFolder().toPath());
        recordings.begin(mirror);
        recordings.take(() -> {});
    }

    /// Whatever a test does, a recording of it tells the same.
    @After
    public void shouldTellTheSameByItsRecording() {
        if (isRecordedAlike) {
            assertThat(mirror.told()).isEqualTo(Mirror.told(core));
        }
    }

    LinuxTask task(int tid) {
        return Objects.requireNonNull(tasks.task(tid), "no task " + tid);
    }

    long at(long millis) {
        return start + millis * MILLI;
    }

    void fork(int pid, int parent, long millis) {
        recorder.cloned(at(millis), pid, pid, parent, parent, 0);
    }

    void thread(int tid, int pid, long millis) {
        recorder.cloned(at(millis), tid, pid, 1, 1, 0);
    }

    void exit(int tid, int pid, int status) {
        recorder.exited(at(500), tid, pid, status);
    }

    /// As what is between a source and the table.
    private record RecordedSink(TableUpdater table, Recordings recordings) implements TaskSink {
        @Override
        public void accept(TaskRecord record) {
            table.accept(record);
            recordings.applied(record);
        }

        @Override
        public void lost(long count, String cause, long sinceNanos) {
            table.lost(count, cause, sinceNanos);
        }
    }
}
