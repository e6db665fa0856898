// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.page;

import org.jspecify.annotations.Nullable;
import org.taskwatch.api.Detail;
import org.taskwatch.api.RawText;
import org.taskwatch.api.Task;
import org.taskwatch.tasks.procfs.ProcFs;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/// The processes of one moment as a tree, or those that a search finds, with the way down to them.
final class ProcessTree {
    /// A browser is slow with more.
    static final int MOST_ROWS = 500;

    private static final int MOST_COMMAND = 256;
    private static final ProcFs PROC = new ProcFs();

    private final Map<Task, List<Task>> children = new HashMap<>();
    private final List<Task> roots = new ArrayList<>();

    /// A line of the tree. All texts are escaped.
    ///
    /// @param pid its process id
    /// @param depth how many processes are above it
    /// @param comm its name
    /// @param uid its effective user, null if it is not known
    /// @param command its command line, empty if it has none
    /// @param labels as `job=ci`
    /// @param start when it was started, in milliseconds since 1970
    /// @param isFound whether the search has found it; else it is on the way to one
    record Row(
            int pid,
            int depth,
            String comm,
            @Nullable Long uid,
            String command,
            List<String> labels,
            long start,
            boolean isFound) {}

    /// What is shown.
    ///
    /// @param rows the lines, in order
    /// @param found how many processes the search has found, all if it is empty
    /// @param more how many lines are left out
    record Rows(List<Row> rows, int found, int more) {}

    /// Makes the tree.
    ///
    /// @param tasks threads and processes that are gone are left out; below each process are those that it has forked
    ProcessTree(Collection<Task> tasks) {
        for (Task task : tasks) {
            if (!task.isThread() && !task.isFreed()) {
                Task above = above(task);
                (above == null ? roots : children.computeIfAbsent(above, _ -> new ArrayList<>()))
                        .add(task);
            }
        }
        Comparator<Task> order = Comparator.comparing(Task::start).thenComparing(Task::pid);
        roots.sort(order);
        children.values().forEach(list -> list.sort(order));
    }

    /// {@return the nearest ancestor that is alive}
    private static @Nullable Task above(Task task) {
        Task parent = task.parent();
        while (parent != null && (parent.isFreed() || parent.isThread())) {
            parent = parent.parent();
        }
        return parent;
    }

    /// {@return what is shown}
    ///
    /// @param search what the name, the command line, a label or the number contains, in any case
    Rows rows(String search) {
        String wanted = search.toLowerCase(Locale.ROOT);
        Set<Task> found = new HashSet<>();
        Set<Task> shown = new HashSet<>();
        for (Line line : lines()) {
            if (matches(line.task, wanted)) {
                found.add(line.task);
                for (Task each = line.task; each != null && shown.add(each); ) {
                    each = above(each);
                }
            }
        }
        List<Row> rows = new ArrayList<>();
        for (Line line : lines()) {
            if (shown.contains(line.task) && rows.size() < MOST_ROWS) {
                rows.add(row(line, found.contains(line.task)));
            }
        }
        return new Rows(rows, found.size(), shown.size() - rows.size());
    }

    private record Line(Task task, int depth) {}

    /// Has a stack of its own: lineage can be deeper than that of a thread.
    private List<Line> lines() {
        List<Line> lines = new ArrayList<>();
        Deque<Line> pending = new ArrayDeque<>();
        roots.reversed().forEach(root -> pending.push(new Line(root, 0)));
        while (!pending.isEmpty()) {
            Line line = pending.pop();
            lines.add(line);
            children.getOrDefault(line.task, List.of())
                    .reversed()
                    .forEach(child -> pending.push(new Line(child, line.depth + 1)));
        }
        return lines;
    }

    private static boolean matches(Task task, String wanted) {
        return wanted.isEmpty()
                || String.valueOf(task.pid()).equals(wanted)
                || comm(task).toLowerCase(Locale.ROOT).contains(wanted)
                || labels(task).toString().toLowerCase(Locale.ROOT).contains(wanted)
                || command(task).toLowerCase(Locale.ROOT).contains(wanted);
    }

    private static Row row(Line line, boolean isFound) {
        Task task = line.task;
        String command = command(task);
        return new Row(
                task.pid(),
                line.depth,
                comm(task),
                task.details()
                        .credentials()
                        .value()
                        .map(ids -> Integer.toUnsignedLong(ids.uid()))
                        .orElse(null),
                command.length() > MOST_COMMAND
                        ? command.substring(0, MOST_COMMAND) + Detail.ELLIPSIS
                        : command,
                labels(task),
                task.start().toEpochMilli(),
                isFound);
    }

    private static String comm(Task task) {
        return RawText.escape(task.details().comm().orElse("?"));
    }

    private static String command(Task task) {
        return RawText.escape(String.join(" ", arguments(task).orElse(List.of())));
    }

    private static List<String> labels(Task task) {
        return task.details().labels().entrySet().stream()
                .map(label -> label.getKey() + "=" + RawText.escape(label.getValue()))
                .toList();
    }

    /// {@return the arguments of a process, read now if no watcher has needed them}
    static Detail<List<String>> arguments(Task task) {
        Detail<List<String>> known = task.details().commandLine();
        return known instanceof Detail.Unknown<List<String>>(Detail.Reason reason)
                        && reason == Detail.Reason.NOT_READ
                ? PROC.commandLine(task.pid(), ProcFs.ARGUMENTS_LIMIT)
                : known;
    }
}
