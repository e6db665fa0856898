// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.source.connector;

import org.taskwatch.linux.Epoll;
import org.taskwatch.linux.LinuxException;
import org.taskwatch.source.TaskRecord;
import org.taskwatch.tasks.table.TableWithoutSource;

import java.util.Locale;

/// What a wake with one short process costs before and after a burst of many, as when the reader was
/// stopped for a while. The kernel has no part in it: the processes are gone when they are read.
/// Times are those of the thread on its processor, as other work on the machine would hide the rest.
public final class BurstBenchmark {
    private static final int FIRST = 10_000_000; // above all real pids: none can be opened
    private static final int WARM_UP = 100_000;
    private static final int WAKES = 20_000;

    private final TableWithoutSource table = new TableWithoutSource();
    private final TaskRecord record = new TaskRecord();
    private final Reaper reaper;
    private int pid = FIRST;

    private BurstBenchmark(Epoll epoll) {
        reaper = new Reaper(new PidFds(epoll, 0));
    }

    /// Prints the table.
    ///
    /// @param burst how many processes the burst has
    /// @throws LinuxException if there is no free file descriptor
    public static void print(int burst) throws LinuxException {
        try (Epoll epoll = Epoll.open()) {
            BurstBenchmark benchmark = new BurstBenchmark(epoll);
            benchmark.wakes(WARM_UP);
            benchmark.table.nanosToList(); // and this is compiled
            System.out.printf(
                    "| a burst of %,d processes | before | after |%n|---|---:|---:|%n", burst);
            double wakeBefore = benchmark.wakes(WAKES);
            double listBefore = benchmark.table.nanosToList() / 1e3;
            benchmark.burst(burst);
            double wakeAfter = benchmark.wakes(WAKES);
            double listAfter = benchmark.table.nanosToList() / 1e3;
            row("a wake with one process, us", wakeBefore, wakeAfter);
            row("listing the table, us", listBefore, listAfter);
        }
    }

    private static void row(String what, double before, double after) {
        System.out.printf(Locale.ROOT, "| %s | %.1f | %.1f |%n", what, before, after);
    }

    private void burst(int count) throws LinuxException {
        int first = pid;
        reaper.beginReceive();
        for (int i = 0; i < count; i++) {
            born(first + i);
        }
        for (int i = 0; i < count; i++) {
            exit(first + i);
        }
        pid += count;
        drain();
    }

    /// {@return the microseconds of each}
    private double wakes(int count) throws LinuxException {
        long begin = TableWithoutSource.cpuNanos();
        for (int i = 0; i < count; i++) {
            reaper.beginReceive();
            born(pid);
            exit(pid++);
            drain();
        }
        return (TableWithoutSource.cpuNanos() - begin) / 1e3 / count;
    }

    private void born(int born) {
        long nanos = System.nanoTime();
        reaper.forked(nanos, born, table.sink());
        table.fork(record, born, 0);
    }

    private void exit(int exited) {
        reaper.firstThreadExited(System.nanoTime(), exited, 0);
    }

    private void drain() throws LinuxException {
        while (!reaper.free(table.sink())) {
            reaper.beginReceive();
        }
    }
}
