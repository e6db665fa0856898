// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.tasks.table;

import org.taskwatch.api.Capture;
import org.taskwatch.api.Interest;
import org.taskwatch.api.Loss;
import org.taskwatch.api.Task;
import org.taskwatch.api.TaskEvent;
import org.taskwatch.api.TaskNotification;
import org.taskwatch.api.TaskNotifier;
import org.taskwatch.api.Verdict;
import org.taskwatch.tasks.procfs.ProcFs;

import java.lang.ref.Reference;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Set;

/// The memory of the table, filled by the records of forks that a source would tell: most machines
/// have no room for so many real tasks.
public final class TableMemory {
    private static final TaskNotifier NOBODY =
            new TaskNotifier() {
                @Override
                public Verdict notify(TaskNotification notification) {
                    return Verdict.ALLOW;
                }

                @Override
                public Verdict notify(TaskEvent event, long value, Task task) {
                    return Verdict.ALLOW;
                }

                @Override
                public void lost(Loss loss) {}
            };

    private static final Interest NOTHING =
            new Interest() {
                @Override
                public Set<Capture> captures(TaskEvent event) {
                    return Set.of();
                }

                @Override
                public boolean threads() {
                    return true;
                }

                @Override
                public boolean leaveOutThreads() {
                    return false;
                }

                @Override
                public void tellThreads() {}
            };

    private static final int FIRST = 10_000_000; // above all real pids: /proc has none of them
    private static final int COLLECTIONS = 3;

    /// How a task is made, after the process FIRST.
    private interface Fork {
        void fork(Recorder recorder, int tid);
    }

    private TableMemory() {}

    /// Fills a table and prints what it needs, for processes and for threads.
    ///
    /// @param count how many tasks
    public static void print(int count) {
        System.out.println("| tasks in the table | of | bytes each | MiB |");
        System.out.println("|---:|---|---:|---:|");
        print(count, "forked processes", TableMemory::process);
        print(
                count,
                "processes with names of their own",
                (recorder, tid) -> {
                    process(recorder, tid);
                    recorder.renamed(System.nanoTime(), tid, tid, "task-" + tid);
                });
        print(
                count,
                "threads of one process",
                (recorder, tid) -> recorder.cloned(System.nanoTime(), tid, FIRST, FIRST, FIRST, 0));
    }

    private static void process(Recorder recorder, int tid) {
        recorder.cloned(System.nanoTime(), tid, tid, FIRST, FIRST, 0);
    }

    private static void print(int count, String what, Fork fork) {
        DetailBudget budget = new DetailBudget();
        LiveTasks tasks = new LiveTasks(budget);
        ProcFs proc = new ProcFs();
        Captures captures =
                new Captures(proc, NOTHING, new UserNames(Path.of("/etc/passwd")), budget);
        Stream stream = new Stream(NOBODY, captures);
        Endings endings = new Endings(tasks, stream);
        Births births = new Births(tasks, proc, captures, endings, stream);
        Threads threads = new Threads(NOTHING, tasks, proc, births, endings);
        Recorder recorder = new Recorder(tasks, proc, births, endings, stream, threads);
        int self =
                (int) ProcessHandle.current().pid(); // its details can be read, and are inherited
        recorder.cloned(System.nanoTime(), self, self, 0, 0, 0);
        recorder.cloned(System.nanoTime(), FIRST, FIRST, self, self, 0);
        long before = used();
        for (int i = 1; i <= count; i++) {
            fork.fork(recorder, FIRST + i);
        }
        long bytes = used() - before;
        Reference.reachabilityFence(recorder);
        System.out.printf(
                Locale.ROOT,
                "| %,d | %s | %,d | %.1f |%n",
                tasks.tasks().size(),
                what,
                bytes / count,
                bytes / (double) (1 << 20));
    }

    private static long used() {
        Runtime runtime = Runtime.getRuntime();
        for (int i = 0; i < COLLECTIONS; i++) {
            System.gc();
        }
        return runtime.totalMemory() - runtime.freeMemory();
    }
}
