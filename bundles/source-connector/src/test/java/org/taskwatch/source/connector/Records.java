// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.source.connector;

import org.taskwatch.source.Fact;
import org.taskwatch.source.SourceException;
import org.taskwatch.source.TaskRecord;
import org.taskwatch.source.TaskSink;
import org.taskwatch.source.TaskSource;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.BooleanSupplier;
import java.util.function.IntConsumer;
import java.util.function.IntPredicate;

/// Keeps the records of a source as lines.
final class Records implements TaskSink {
    private static final String LOST = "lost ";
    private static final long DEADLINE_NANOS = 10_000_000_000L;

    private final List<String> lines = new ArrayList<>();
    private long lost;

    private IntPredicate hasExecutedAgain = _ -> false;

    /// Run with the pid of each process that is freed, while the source is being read.
    IntConsumer whenFreed = _ -> {};

    /// Run with the pid of each process that executes, before it is asked whether it has executed again.
    IntConsumer whenExecuted = _ -> {};

    /// Reads a source until a condition holds; fails after 10 s.
    void readUntil(TaskSource source, BooleanSupplier condition) throws SourceException {
        long deadline = System.nanoTime() + DEADLINE_NANOS;
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - deadline > 0) {
                throw new AssertionError("not within 10 s; so far: " + lines);
            }
            hasExecutedAgain = source::hasExecutedAgain;
            source.receive(this, 100);
        }
    }

    /// {@return how many events were told as lost}
    long lost() {
        return lost;
    }

    /// {@return how many events of the kernel were recorded between two lines}
    long eventsBetween(String first, String last) {
        return lines.subList(lines.indexOf(first) + 1, lines.indexOf(last)).stream()
                .filter(line -> !line.startsWith("freed") && !line.startsWith(LOST))
                .count();
    }

    /// {@return whether something was lost after a line}
    boolean hasLossAfter(String line) {
        return lines.subList(lines.indexOf(line) + 1, lines.size()).stream()
                .anyMatch(later -> has(line) && later.startsWith(LOST));
    }

    /// {@return how many events of the kernel were recorded between a line and the next loss}
    long eventsBeforeLoss(String line) {
        return lines.subList(lines.indexOf(line) + 1, lines.size()).stream()
                .takeWhile(later -> !later.startsWith(LOST))
                .filter(later -> !later.startsWith("freed"))
                .count();
    }

    /// {@return the records of one process, those of its threads among them}
    List<String> of(long pid) {
        return lines.stream().filter(line -> line.endsWith(" " + pid)).toList();
    }

    boolean has(String line) {
        return lines.contains(line);
    }

    @Override
    public void accept(TaskRecord record) {
        int tid = record.tid();
        int pid = record.pid();
        switch (record.kind()) {
            case FOUND -> throw new AssertionError("the connector finds nothing: " + record);
            case CLONED ->
                    lines.add(
                            tid == pid
                                    ? "cloned by " + record.get(Fact.PARENT_PID) + " " + pid
                                    : "thread cloned " + pid);
            case EXECUTED -> {
                whenExecuted.accept(pid);
                lines.add("executed " + (hasExecutedAgain.test(pid) ? "and again " : "") + tid);
            }
            case UID_CHANGED ->
                    lines.add(ids("user ", record, Fact.REAL_UID, Fact.EFFECTIVE_UID) + tid);
            case GID_CHANGED ->
                    lines.add(ids("group ", record, Fact.REAL_GID, Fact.EFFECTIVE_GID) + tid);
            case RENAMED ->
                    lines.add(
                            "renamed "
                                    + Objects.requireNonNull(record.comm()).orElse("?")
                                    + " "
                                    + tid);
            case EXITED ->
                    lines.add(
                            (tid == pid ? "" : "thread ")
                                    + "exited "
                                    + record.get(Fact.STATUS, -1)
                                    + " "
                                    + pid);
            case FREED -> {
                lines.add("freed " + pid);
                whenFreed.accept(pid);
            }
        }
    }

    private static String ids(String what, TaskRecord record, Fact real, Fact effective) {
        return what + record.get(real) + "," + record.get(effective) + " ";
    }

    @Override
    public void lost(long count, String cause, long sinceNanos) {
        lost += count;
        lines.add(LOST + count);
    }
}
