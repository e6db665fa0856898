// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.shell.stream;

import org.taskwatch.api.Loss;
import org.taskwatch.api.Task;
import org.taskwatch.api.TaskEvent;
import org.taskwatch.api.TaskNotification;
import org.taskwatch.shell.TaskText;

import java.time.Duration;
import java.util.Locale;

/// One line for each event, indented by how deep its task is in a tree.
final class TreeFormat implements EventFormat {
    private static final String LAYOUT = "%-15s %-5s %s%s%n";
    private static final String INDENT = "  ";
    private static final double NANOS_PER_SECOND = 1e9;

    private final Lineage lineage;

    /// Makes the format.
    ///
    /// @param lineage the tree
    TreeFormat(Lineage lineage) {
        this.lineage = lineage;
    }

    @Override
    public String header() {
        return String.format(LAYOUT, "TIME", "EVENT", "", "PROCESS");
    }

    @Override
    public void append(StringBuilder line, TaskNotification notification) {
        Task task = notification.task();
        line.append(
                String.format(
                        LAYOUT,
                        ColumnFormat.TIME.format(notification.time()),
                        notification.event(),
                        INDENT.repeat(lineage.depth(task)),
                        number(task) + " " + text(notification)));
    }

    private static String number(Task task) {
        int tid = task.tid();
        return tid == 0 ? "(unborn)" : (task.isThread() ? "thread " : "") + tid;
    }

    @Override
    public void append(StringBuilder line, Loss loss) {
        ColumnFormat.appendLoss(line, loss);
    }

    private static String text(TaskNotification notification) {
        if (notification.event() == TaskEvent.EXEC
                && notification.details().commandLine().value().isPresent()) {
            return TaskText.command(notification.details());
        }
        String detail = ColumnFormat.detail(notification);
        return TaskText.comm(notification.details())
                + (detail.isEmpty() ? "" : ": " + detail)
                + (notification.event() == TaskEvent.EXIT ? " after " + life(notification) : "");
    }

    private static String life(TaskNotification exit) {
        return seconds(Duration.between(exit.task().start(), exit.time()));
    }

    /// {@return a time in seconds to the millisecond}
    static String seconds(Duration time) {
        return String.format(Locale.ROOT, "%.3f s", time.toNanos() / NANOS_PER_SECOND);
    }
}
