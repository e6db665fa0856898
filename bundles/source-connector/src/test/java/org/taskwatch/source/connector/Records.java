// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.source.connector;

import org.taskwatch.tasks.SourceException;
import org.taskwatch.tasks.TaskRecorder;
import org.taskwatch.tasks.TaskSource;

import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.IntConsumer;
import java.util.function.IntPredicate;

/// Keeps the records of a source as lines.
final class Records implements TaskRecorder {
    private static final String LOST = "lost ";
    private static final long DEADLINE_NANOS = 10_000_000_000L;

    private final List<String> lines = new ArrayList<>();
    private long lost;

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
    public void cloned(long nanos, int tid, int pid, int parentTid, int parentPid, long flags) {
        lines.add(tid == pid ? "cloned by " + parentPid + " " + pid : "thread cloned " + pid);
    }

    @Override
    public void executed(long nanos, int tid, int pid, IntPredicate hasExecutedAgain) {
        whenExecuted.accept(pid);
        lines.add("executed " + (hasExecutedAgain.test(pid) ? "and again " : "") + tid);
    }

    @Override
    public void userChanged(long nanos, int tid, int pid, int realUid, int uid) {
        lines.add("user " + realUid + "," + uid + " " + tid);
    }

    @Override
    public void groupChanged(long nanos, int tid, int pid, int realGid, int gid) {
        lines.add("group " + realGid + "," + gid + " " + tid);
    }

    @Override
    public void renamed(long nanos, int tid, int pid, String comm) {
        lines.add("renamed " + comm + " " + tid);
    }

    @Override
    public void exited(long nanos, int tid, int pid, int status) {
        lines.add((tid == pid ? "" : "thread ") + "exited " + status + " " + pid);
    }

    @Override
    public void freed(long nanos, int pid) {
        lines.add("freed " + pid);
        whenFreed.accept(pid);
    }

    @Override
    public boolean isHurried() {
        return false;
    }

    @Override
    public void lost(long count, String cause, long sinceNanos) {
        lost += count;
        lines.add(LOST + count);
    }
}
