// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.tasks.table;

import org.jspecify.annotations.Nullable;
import org.taskwatch.api.TaskEvent;
import org.taskwatch.api.TaskNotification.Origin;
import org.taskwatch.tasks.table.LinuxTask.State;

import java.util.List;

/// Ends the tasks of the table, in the order that watchers are promised. For the pump thread only.
///
/// A thread is freed at its exit. A process ends with its last thread: if its first thread exits
/// earlier, its EXIT is held until then. FREE comes when the process was reaped; the kernel may let
/// that happen a little before it reports the EXIT of the last thread (`do_exit`: `exit_notify`,
/// then `proc_exit_connector`), so FREE is held for that too.
final class Endings {
    private final LiveTasks tasks;
    private final Reporter reporter;

    Endings(LiveTasks tasks, Reporter reporter) {
        this.tasks = tasks;
        this.reporter = reporter;
    }

    /// A task begins to exit.
    void exited(LinuxTask task, long nanos, int status) {
        if (task.isThread()) {
            LinuxTask process = tasks.processOf(task);
            task.merge(status);
            end(task, nanos, Origin.OBSERVED);
            if (process != null) {
                process.merge(status);
                exitWithLastThread(process, nanos, Origin.OBSERVED);
            }
        } else if (task.isAlive()) {
            task.merge(status);
            task.isLeaderGone = true;
            exitWithLastThread(task, nanos, Origin.OBSERVED);
        }
    }

    /// A thread that is not in the table has exited.
    void exitedUnknown(@Nullable LinuxTask process, int status) {
        if (process != null && !process.isThread() && process.isAlive()) {
            process.merge(status);
        }
    }

    /// Reports the EXIT of a process if its first thread has exited and no other is left, and its
    /// FREE if that was held.
    void exitWithLastThread(LinuxTask process, long nanos, Origin origin) {
        if (!process.threads().isEmpty()) {
            return;
        }
        if (process.isReaped) {
            end(process, nanos, origin);
        } else if (process.isAlive() && process.isLeaderGone) {
            exit(process, nanos, origin);
        }
    }

    /// A process was reaped: it ends with its last thread, at once if none is left. A thread whose
    /// exit was lost is ended by the repair.
    void reaped(LinuxTask process, long nanos) {
        if (process.threads().isEmpty()) {
            end(process, nanos, Origin.OBSERVED);
        } else {
            process.isReaped = true;
        }
    }

    /// A task is gone: reports what has not been reported yet of its end, and of its threads.
    void end(LinuxTask task, long nanos, Origin origin) {
        endThreads(task, nanos, origin);
        if (task.isAlive()) {
            exit(task, nanos, origin);
        }
        tasks.remove(task);
        task.state(State.FREED);
        try {
            reporter.tell(TaskEvent.FREE, task.status(), task, nanos, origin);
        } finally { // it is out of the table: nobody else would give back what it is charged
            task.leave();
        }
    }

    private void endThreads(LinuxTask process, long nanos, Origin origin) {
        if (!process.threads().isEmpty()) {
            for (LinuxTask thread : List.copyOf(process.threads())) {
                end(thread, nanos, origin);
            }
        }
    }

    /// A task has exited, and will be freed later: reports its EXIT.
    void exit(LinuxTask task, long nanos, Origin origin) {
        task.state(State.EXITED);
        reporter.tell(TaskEvent.EXIT, task.status(), task, nanos, origin);
    }
}
