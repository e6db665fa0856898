// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.tasks.table;

import com.sun.management.ThreadMXBean;

import org.taskwatch.source.Fact;
import org.taskwatch.source.TaskRecord;
import org.taskwatch.source.TaskRecord.Kind;
import org.taskwatch.source.TaskSink;

import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.Locale;

/// What the table costs for each process that lives: its CLONE, EXIT and FREE, from the record to a
/// notifier that keeps the last one. Times are those of the thread on its processor.
public final class LifeCost {
    private static final int FIRST = 10_000_000; // above all real pids: /proc has none of them
    private static final int PIDS = 30_000;
    private static final int LIVES = 200_000;
    private static final int WARM_UP = 6;
    private static final int ROUNDS = 7;

    private final TableWithoutSource table = new TableWithoutSource();
    private final TaskRecord record = new TaskRecord();
    private final int self = (int) ProcessHandle.current().pid();

    private LifeCost() {
        table.fork(record, self, 0); // its details can be read, and are inherited
    }

    /// Prints the medians of some rounds.
    public static void print() {
        LifeCost cost = new LifeCost();
        for (int i = 0; i < WARM_UP; i++) {
            cost.live();
        }
        ThreadMXBean thread = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        double[] nanos = new double[ROUNDS];
        double[] bytes = new double[ROUNDS];
        for (int i = 0; i < ROUNDS; i++) {
            long allocated = thread.getCurrentThreadAllocatedBytes();
            long begin = thread.getCurrentThreadCpuTime();
            cost.live();
            nanos[i] = (double) (thread.getCurrentThreadCpuTime() - begin) / LIVES;
            bytes[i] = (double) (thread.getCurrentThreadAllocatedBytes() - allocated) / LIVES;
        }
        System.out.printf(
                Locale.ROOT,
                "| a process lived | ns | bytes |%n|---|---:|---:|%n| CLONE, EXIT, FREE | %.0f |"
                        + " %.0f |%n",
                median(nanos),
                median(bytes));
    }

    private static double median(double[] values) {
        Arrays.sort(values);
        return values[values.length / 2];
    }

    private void live() {
        TaskSink sink = table.sink();
        for (int i = 0; i < LIVES; i++) {
            int pid = FIRST + i % PIDS;
            long nanos = System.nanoTime();
            table.fork(record, pid, self);
            sink.accept(record.begin(Kind.EXITED, nanos + 1, pid, pid).set(Fact.STATUS, 0));
            sink.accept(record.begin(Kind.FREED, nanos + 2, pid, pid));
        }
    }
}
