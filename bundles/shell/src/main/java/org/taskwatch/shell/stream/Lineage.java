// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.shell.stream;

import com.google.errorprone.annotations.concurrent.GuardedBy;

import org.jspecify.annotations.Nullable;
import org.taskwatch.api.Task;
import org.taskwatch.shell.TaskText;

import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.WeakHashMap;

/// The descendants of a process by who forked whom, whatever parents the kernel has given them
/// since. Safe for all threads.
///
/// It remembers every descendant that it was asked about, as long as somebody else holds the task.
/// So it knows the children of one whose own ancestors are gone and forgotten by the table.
final class Lineage {
    private static final int STRANGER = -1;

    private final int top;

    /// Children of the ancestor that are older are not of it.
    private final Instant since;

    /// How many generations a process is below the ancestor.
    @GuardedBy("this")
    private final Map<Task, Integer> generations = new WeakHashMap<>();

    private Lineage(Task ancestor, int top, Instant since) {
        this.top = top;
        this.since = since;
        generations.put(ancestor, 0);
    }

    /// {@return a process and its descendants}
    ///
    /// @param root the process
    static Lineage from(Task root) {
        return new Lineage(root, 0, Instant.MIN);
    }

    /// {@return the children that a process gets, and their descendants}
    ///
    /// @param ancestor the process
    /// @param since from when on; what was told late may be of a child that it had before
    static Lineage below(Task ancestor, Instant since) {
        return new Lineage(ancestor, 1, since);
    }

    /// {@return whether a task is in it}
    ///
    /// @param task a process or a thread
    boolean contains(Task task) {
        return generation(TaskText.process(task)) >= top;
    }

    /// {@return how deep a task is in the tree: 0 for the root, or for each child of an ancestor
    /// that is not in it; a thread is one below its process}
    ///
    /// @param task one of them
    int depth(Task task) {
        return generation(TaskText.process(task)) - top + (task.isThread() ? 1 : 0);
    }

    private synchronized int generation(Task process) {
        Deque<Task> path = new ArrayDeque<>();
        Integer generation = null;
        for (Task at = process; at != null && generation == null; at = parent(at)) {
            generation = generations.get(at);
            path.push(at);
        }
        if (generation == null) {
            return STRANGER;
        }
        int depth = generation - 1;
        Task known = path.pop();
        if (generation == 0 && !path.isEmpty() && path.peek().start().isBefore(since)) {
            return STRANGER;
        }
        path.push(known);
        for (Task member : path) {
            generations.put(member, ++depth);
        }
        return depth;
    }

    private static @Nullable Task parent(Task process) {
        Task parent = process.parent();
        return parent == null ? null : TaskText.process(parent);
    }
}
