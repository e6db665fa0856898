// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.shell;

import org.jspecify.annotations.Nullable;
import org.taskwatch.api.Task;
import org.taskwatch.control.Style;

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
    /// @param style how they are shown
    void printAll(PrintStream out, Style style) {
        roots.forEach(root -> print(out, style, root));
    }

    /// Prints a process and its descendants. Keeps its own stack: lineage can be deeper than the
    /// stack of a thread.
    ///
    /// @param out takes the lines
    /// @param style how they are shown
    /// @param root the process to begin with
    public void print(PrintStream out, Style style, Task root) {
        Deque<Entry> pending = new ArrayDeque<>();
        pending.push(new Entry(root, "", "", 0));
        while (!pending.isEmpty()) {
            Entry entry = pending.pop();
            out.println(shown(entry.prefix + text(entry.task), style));
            List<Task> forked = children.getOrDefault(entry.task, List.of());
            for (int i = forked.size() - 1; i >= 0; i--) {
                pending.push(entry.child(forked.get(i), i == forked.size() - 1));
            }
        }
    }

    /// Prints the line of descent of a process, from the root down to it.
    ///
    /// @param out takes the lines
    /// @param style how they are shown
    /// @param process the process
    static void printAncestry(PrintStream out, Style style, Task process) {
        List<Task> lineage = new ArrayList<>(TaskText.ancestry(process, Integer.MAX_VALUE));
        lineage.addFirst(process);
        Entry entry = new Entry(process, "", "", 0);
        for (Task task : lineage.reversed()) {
            out.println(shown(entry.prefix + text(task) + adopter(task), style));
            entry = entry.child(task, true);
        }
    }

    private static String shown(String line, Style style) {
        return new Line().add(line).shown(style);
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
    private record Entry(Task task, String prefix, String indent, int depth) {
        Entry child(Task forked, boolean isLast) {
            return depth < MOST_INDENT
                    ? new Entry(
                            forked,
                            indent + (isLast ? LAST : BRANCH),
                            indent + (isLast ? BLANK : PASSING),
                            depth + 1)
                    : new Entry(
                            forked,
                            "%s(%d) %s".formatted(indent, depth + 1, LAST),
                            indent,
                            depth + 1);
        }
    }
}
