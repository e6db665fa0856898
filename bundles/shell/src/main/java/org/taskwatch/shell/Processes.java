// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.shell;

import org.jspecify.annotations.Nullable;
import org.taskwatch.api.Task;
import org.taskwatch.api.TaskNotification;
import org.taskwatch.api.tool.TaskTable;
import org.taskwatch.tasks.procfs.ProcFs;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// Asks the table for processes on behalf of a command.
public final class Processes {
    private static final ProcFs PROC = new ProcFs();

    /// How far the table may be behind the kernel.
    private static final long LAG_NANOS = TimeUnit.SECONDS.toNanos(1);

    private static final long LOOK_AGAIN_MILLIS = 2;
    private static final long SNAPSHOT_SECONDS = 10;

    private Processes() {}

    /// Finds a process. One that was forked just now may not be in the table yet: it is waited for,
    /// up to a second, as long as `/proc` has it.
    ///
    /// @param table where to look
    /// @param pid its id
    /// @return the process, null if there is none with that id
    /// @throws InterruptedException if the thread is interrupted
    public static @Nullable Task find(TaskTable table, int pid) throws InterruptedException {
        long deadline = System.nanoTime() + LAG_NANOS;
        Task task = table.task(pid);
        while (task == null && PROC.exists(pid, pid) && System.nanoTime() < deadline) {
            TimeUnit.MILLISECONDS.sleep(LOOK_AGAIN_MILLIS);
            task = table.task(pid);
        }
        return task == null || task.isThread() ? null : task;
    }

    /// Finds the tasks that are alive at one point of the stream: every watcher that was registered
    /// before is told the events from there on.
    ///
    /// @param command the command that asks
    /// @param table where to look
    /// @return the tasks, parents before their children
    /// @throws CommandException if the table does not answer
    /// @throws InterruptedException if the thread is interrupted
    public static List<Task> alive(String command, TaskTable table)
            throws CommandException, InterruptedException {
        CompletableFuture<List<TaskNotification>> answer = new CompletableFuture<>();
        table.snapshot(answer::complete);
        try {
            return answer.get(SNAPSHOT_SECONDS, TimeUnit.SECONDS).stream()
                    .map(TaskNotification::task)
                    .toList();
        } catch (TimeoutException e) {
            throw CommandException.failed(
                    command,
                    "the task table did not answer within %d s; see task:sources"
                            .formatted(SNAPSHOT_SECONDS));
        } catch (ExecutionException e) {
            throw new AssertionError("nobody completes it with an exception", e);
        }
    }
}
