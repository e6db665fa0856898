// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.tasks.table;

import org.taskwatch.api.Task;
import org.taskwatch.tasks.Label;
import org.taskwatch.tasks.Labels;
import org.taskwatch.tasks.detail.LabelSet;

import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;

/// Labels the processes of the table, on the thread that writes it.
public final class TaskLabels implements Labels {
    private static final int TIMEOUT_SECONDS = 5;

    private final LiveTasks tasks;
    private final BooleanSupplier isPump;

    /// Makes it.
    ///
    /// @param tasks the table
    /// @param isPump whether the calling thread is the one that writes it
    public TaskLabels(LiveTasks tasks, BooleanSupplier isPump) {
        this.tasks = tasks;
        this.isPump = isPump;
    }

    @Override
    public void changeIf(
            int pid, Predicate<Task> isRight, Collection<Label> set, Collection<String> removed)
            throws InterruptedException {
        List<Label> labels = List.copyOf(set);
        Set<String> keys = Set.copyOf(removed);
        if (isPump.getAsBoolean()) {
            apply(pid, isRight, labels, keys);
            return;
        }
        CompletableFuture<Void> done = new CompletableFuture<>();
        tasks.betweenEvents(() -> {
            try {
                apply(pid, isRight, labels, keys);
                done.complete(null);
            } catch (RuntimeException e) {
                done.completeExceptionally(e);
            }
        });
        await(done, pid);
    }

    private static void await(CompletableFuture<Void> done, int pid) throws InterruptedException {
        try {
            done.get(TIMEOUT_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof IllegalArgumentException reason) {
                throw new IllegalArgumentException(reason.getMessage(), reason);
            }
            throw new IllegalStateException("labelling process " + pid + " failed", e.getCause());
        } catch (TimeoutException e) {
            throw new IllegalStateException(
                    "labelling process %d: no events have been reported for %d s, see task:sources"
                            .formatted(pid, TIMEOUT_SECONDS),
                    e);
        }
    }

    private void apply(int pid, Predicate<Task> isRight, List<Label> set, Set<String> removed) {
        LinuxTask process = tasks.task(pid);
        if (process == null || process.isThread()) {
            throw new IllegalArgumentException("no process has the id " + pid);
        }
        if (isRight.test(process)) {
            set(process, process.details().labelSet().changed(set, removed));
        }
    }

    /// Gives a process and its threads these labels. For the thread that writes the table.
    static void set(LinuxTask process, LabelSet labels) {
        process.details(process.details().withLabels(labels));
        for (LinuxTask thread : process.threads()) {
            thread.details(thread.details().withLabels(labels));
        }
    }
}
