// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.tasks.table;

import org.taskwatch.api.Detail;
import org.taskwatch.source.TaskRecord;
import org.taskwatch.source.TaskRecord.Kind;

import java.lang.ref.Reference;
import java.util.Locale;

/// The memory of the table, filled by the records of forks that a source would tell: most machines
/// have no room for so many real tasks.
public final class TableMemory {
    private static final int FIRST = 10_000_000; // above all real pids: /proc has none of them
    private static final int COLLECTIONS = 3;

    /// How a task is made, after the process FIRST.
    private interface Fork {
        void fork(TableWithoutSource table, TaskRecord record, int tid);
    }

    private TableMemory() {}

    /// Fills a table and prints what it needs, for processes and for threads.
    ///
    /// @param count how many tasks
    public static void print(int count) {
        System.out.println("| tasks in the table | of | bytes each | MiB |");
        System.out.println("|---:|---|---:|---:|");
        print(count, "forked processes", (table, record, tid) -> table.fork(record, tid, FIRST));
        print(
                count,
                "processes with names of their own",
                (table, record, tid) -> {
                    table.fork(record, tid, FIRST);
                    table.sink()
                            .accept(
                                    record.begin(Kind.RENAMED, System.nanoTime(), tid, tid)
                                            .comm(Detail.of("task-" + tid)));
                });
        print(
                count,
                "threads of one process",
                (table, record, tid) ->
                        table.sink()
                                .accept(record.begin(Kind.CLONED, System.nanoTime(), tid, FIRST)));
    }

    private static void print(int count, String what, Fork fork) {
        TableWithoutSource table = new TableWithoutSource();
        TaskRecord record = new TaskRecord();
        int self =
                (int) ProcessHandle.current().pid(); // its details can be read, and are inherited
        table.fork(record, self, 0);
        table.fork(record, FIRST, self);
        long before = used();
        for (int i = 1; i <= count; i++) {
            fork.fork(table, record, FIRST + i);
        }
        long bytes = used() - before;
        Reference.reachabilityFence(table);
        System.out.printf(
                Locale.ROOT,
                "| %,d | %s | %,d | %.1f |%n",
                table.tasks().size(),
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
