// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.shell;

import org.jspecify.annotations.Nullable;
import org.taskwatch.api.Task;

import java.io.PrintStream;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// The processes of one moment as a tree, by lineage: also through ancestors that are gone.
public final class ProcessTree {
    private static final String BRANCH = "├─ ";
    private static final String LAST = "└─ ";
    private static final String PASSING = "│  ";
    private static final String BLANK = "   ";

    /// So deep a line is indented at most; what is deeper says how deep it is.
    private static final int MOST_INDENT = 40;

    private final List<Task> roots = new ArrayList<>();
    private final Set<Task> linked = new HashSet<>();
    private final Map<Task, List<Task>> children = new HashMap<>();

    /// Makes the tree.
    ///
    /// @param tasks the tasks; threads are left out
    public ProcessTree(Collection<Task> tasks) {
        for (Task task : tasks) {
            if (!task.isThread()) {
                link(task);
            }
        }
        Comparator<Task> order = Comparator.comparing(Task::start).thenComparing(Task::pid);
        roots.sort(order);
        children.values().forEach(list -> list.sort(order));
    }

    /// Prints all processes.
    ///
    /// @param out takes the lines
    void printAll(PrintStream out) {
        roots.forEach(root -> print(out, root));
    }

    /// Prints a process and its descendants. Keeps its own stack: lineage can be deeper than the
    /// stack of a thread.
    ///
    /// @param out takes the lines
    /// @param root the process to begin with
    public void print(PrintStream out, Task root) {
        Deque<Line> pending = new ArrayDeque<>();
        pending.push(new Line(root, "", "", 0));
        while (!pending.isEmpty()) {
            Line line = pending.pop();
            out.println(line.prefix + text(line.task));
            List<Task> forked = children.getOrDefault(line.task, List.of());
            for (int i = forked.size() - 1; i >= 0; i--) {
                pending.push(line.child(forked.get(i), i == forked.size() - 1));
            }
        }
    }

    /// Prints the line of descent of a process, from the root down to it.
    ///
    /// @param out takes the lines
    /// @param process the process
    static void printAncestry(PrintStream out, Task process) {
        List<Task> lineage = new ArrayList<>(TaskText.ancestry(process, Integer.MAX_VALUE));
        lineage.addFirst(process);
        Line line = new Line(process, "", "", 0);
        for (Task task : lineage.reversed()) {
            out.println(line.prefix + text(task) + adopter(task));
            line = line.child(task, true);
        }
    }

    /// {@return the process that the kernel has given an orphan to, empty if the task is no orphan}
    private static String adopter(Task task) {
        return task.kernelParent()
                .value()
                .filter(now -> now != parentProcess(task))
                .map(now -> " (now a child of " + now.pid() + ")")
                .orElse("");
    }

    /// Enters a process below its parent, and so on upwards, until an ancestor is there already.
    private void link(Task process) {
        Task child = process;
        while (linked.add(child)) {
            Task parent = parentProcess(child);
            if (parent == null) {
                roots.add(child);
                return;
            }
            children.computeIfAbsent(parent, _ -> new ArrayList<>()).add(child);
            child = parent;
        }
    }

    private static @Nullable Task parentProcess(Task task) {
        Task parent = task.parent();
        return parent == null ? null : TaskText.process(parent);
    }

    private static String text(Task task) {
        return task.pid()
                + " "
                + TaskText.comm(task.details())
                + TaskText.labels(task.details())
                + (task.isFreed() ? " (gone)" : "");
    }

    /// A line to be printed.
    ///
    /// @param prefix what is before the task
    /// @param indent what is before its children
    /// @param depth how many generations it is below the first
    private record Line(Task task, String prefix, String indent, int depth) {
        Line child(Task forked, boolean isLast) {
            return depth < MOST_INDENT
                    ? new Line(
                            forked,
                            indent + (isLast ? LAST : BRANCH),
                            indent + (isLast ? BLANK : PASSING),
                            depth + 1)
                    : new Line(
                            forked,
                            "%s(%d) %s".formatted(indent, depth + 1, LAST),
                            indent,
                            depth + 1);
        }
    }
}
