// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.shell.stream;

import com.google.errorprone.annotations.concurrent.GuardedBy;

import org.jspecify.annotations.Nullable;
import org.taskwatch.api.Task;
import org.taskwatch.shell.TaskText;

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

    /// How many generations a process is below the ancestor.
    @GuardedBy("this")
    private final Map<Task, Integer> generations = new WeakHashMap<>();

    private Lineage(Task ancestor, int top) {
        this.top = top;
        generations.put(ancestor, 0);
    }

    /// {@return a process and its descendants}
    ///
    /// @param root the process
    static Lineage from(Task root) {
        return new Lineage(root, 0);
    }

    /// {@return the descendants of a process, without itself}
    ///
    /// @param ancestor the process
    static Lineage below(Task ancestor) {
        return new Lineage(ancestor, 1);
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
