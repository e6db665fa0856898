// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.shell.stream;

import org.jspecify.annotations.Nullable;
import org.taskwatch.api.Loss;
import org.taskwatch.api.Task;
import org.taskwatch.api.TaskNotification;
import org.taskwatch.api.TaskNotification.Origin;
import org.taskwatch.linux.proc.ProcStat;
import org.taskwatch.tasks.procfs.ProcFs;

import java.util.Collection;
import java.util.HashSet;
import java.util.Set;

/// Which processes of a tree are alive, according to its events. For one thread.
final class Tree {
    private static final ProcFs PROC = new ProcFs();

    private final Set<Task> live = new HashSet<>();
    private final TreeSummary summary = new TreeSummary();
    private @Nullable Task root;

    /// Makes a tree that has taken no event yet.
    ///
    /// @param alive its processes that are there already
    Tree(Collection<Task> alive) {
        live.addAll(alive);
    }

    /// Takes the next event of the tree.
    ///
    /// @param notification of one of its tasks
    /// @return whether it is news: false for the birth of a process that was there already, and for
    ///     an event that somebody has raised, as by `task:notify`: that has not happened
    boolean take(TaskNotification notification) {
        boolean isNews =
                notification.origin() != Origin.RAISED
                        && (notification.task().isThread() || takeProcess(notification));
        if (isNews) {
            summary.take(notification);
        }
        return isNews;
    }

    private boolean takeProcess(TaskNotification notification) {
        Task task = notification.task();
        return switch (notification.event()) {
            case CLONE -> {
                root = root == null ? task : root;
                yield live.add(task);
            }
            case EXEC -> {
                // Its CLONE may have been lost, or it was the first thread and has exited.
                live.add(task);
                yield true;
            }
            case EXIT, FREE -> {
                live.remove(task);
                yield true;
            }
            case INIT, UID, GID -> true;
        };
    }

    /// Takes note that events are missing: ends may be among them, of which the table knows.
    ///
    /// @param loss the loss
    void take(Loss loss) {
        summary.take(loss);
        live.removeIf(task -> task.isFreed() || task.exitStatus().isPresent());
    }

    /// {@return what has happened so far, a line for each kind}
    ///
    /// @param withThreads whether events of threads were told
    String summary(boolean withThreads) {
        return summary.text(live.size(), withThreads);
    }

    /// {@return whether all have ended}
    boolean hasEnded() {
        return live.isEmpty();
    }

    /// {@return whether the process whose birth was reported first has ended, and all that happened
    /// before has been reported}
    ///
    /// The kernel closes the files of a process, and lets it be reaped, a little before it reports
    /// its end. So when the first process has waited for another, the end of that one may be
    /// reported later than its own: it is waited for here.
    boolean hasRootEnded() {
        return root != null && !live.contains(root) && live.stream().noneMatch(Tree::isGone);
    }

    private static boolean isGone(Task task) {
        ProcStat stat = PROC.stat(task.pid());
        return stat == null || ((stat.isDead() || stat.isExiting()) && stat.threads() < 2);
    }
}
