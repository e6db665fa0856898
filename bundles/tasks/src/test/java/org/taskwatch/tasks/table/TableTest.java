// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.tasks.table;

import org.junit.Before;
import org.junit.Rule;
import org.junit.rules.TemporaryFolder;
import org.taskwatch.api.Capture;
import org.taskwatch.tasks.procfs.ProcFs;
import org.taskwatch.testing.FakeProc;

import java.io.IOException;
import java.util.Objects;

/// A table with the processes 1 and 10 (`sh`), filled from a folder that looks like `/proc`, and short
/// words for records. Times are milliseconds since the start of the test.
abstract class TableTest {
    static final long MILLI = 1_000_000;

    @Rule public final TemporaryFolder folder = new TemporaryFolder();

    final FakeCore core = new FakeCore();
    final long start = System.nanoTime();
    final DetailBudget budget = new DetailBudget();
    final LiveTasks tasks = new LiveTasks(budget, () -> {});
    final FakeInterest interest = new FakeInterest(Capture.values());
    DetailReader captures;
    ThreadEvents threads;
    EventReporter stream;
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
        stream = new EventReporter(core, captures);
        Endings endings = new Endings(tasks, stream);
        Births births = new Births(tasks, procFs, captures, budget, endings, stream);
        threads = new ThreadEvents(interest, tasks, procFs, births, endings);
        updater = new TableUpdater(tasks, procFs, captures, births, endings, stream, threads);
        recorder = new Records(updater);
        updater.source(source);
        repair = new Repair(tasks, procFs, births, endings, stream, threads);
        proc.process(10, 1, start - 1000 * MILLI, "sh");
        repair.scan();
        repair.settle();
        task(10).stackNanos = start; // as if it had been read before all that a test records
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
}
