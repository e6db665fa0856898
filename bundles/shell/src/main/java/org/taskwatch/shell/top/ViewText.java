// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.shell.top;

import org.taskwatch.api.TaskDetails;
import org.taskwatch.control.Style;
import org.taskwatch.control.Tone;
import org.taskwatch.shell.Line;
import org.taskwatch.shell.Table;
import org.taskwatch.shell.TaskText;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// How a view is shown to a person.
final class ViewText {
    private static final double NANOS_PER_SECOND = 1e9;
    private static final double NANOS_PER_MILLI = 1e6;

    /// The first line, the headers of the two tables, and the empty lines before these.
    private static final int FIXED_LINES = 5;

    private ViewText() {}

    /// {@return the lines of a view, at most as many as there is room for}
    ///
    /// @param view what to show
    /// @param height how many lines there is room for
    /// @param style how they are shown
    static List<String> lines(Activity.View view, int height, Style style) {
        int rows = Math.max(0, height - FIXED_LINES);
        List<String> lines = new ArrayList<>();
        lines.add(new Line().add(view.lost() > 0 ? Tone.BAD : null, summary(view)).shown(style));
        lines.add("");
        forkers(view, (rows + 1) / 2).shown(style).lines().forEach(lines::add);
        lines.add("");
        lives(view, rows / 2).shown(style).lines().forEach(lines::add);
        return lines.subList(0, Math.min(height, lines.size()));
    }

    private static String summary(Activity.View view) {
        long forks =
                view.otherForks() + view.forkers().stream().mapToLong(Activity.Forker::forks).sum();
        int exits = view.lives().stream().mapToInt(Activity.Lives::count).sum();
        return String.format(
                Locale.ROOT,
                "last %.0f s: %s forks/s, %s exits/s%s%s",
                view.elapsed().toNanos() / NANOS_PER_SECOND,
                perSecond(forks, view.elapsed()),
                perSecond(exits, view.elapsed()),
                view.otherForks() == 0
                        ? ""
                        : ", of others than these "
                                + perSecond(view.otherForks(), view.elapsed())
                                + " forks/s",
                view.lost() == 0 ? "" : "; LOST " + view.lost() + " events");
    }

    private static Table forkers(Activity.View view, int rows) {
        Table table = new Table("FORKS/S", "PID", "COMM", "COMMAND");
        view.forkers().stream()
                .limit(rows)
                .forEach(forker -> {
                    TaskDetails details = forker.process().details();
                    table.row(
                            perSecond(forker.forks(), view.elapsed()),
                            forker.process().pid(),
                            TaskText.comm(details),
                            TaskText.command(details));
                });
        return table;
    }

    private static Table lives(Activity.View view, int rows) {
        Table table = new Table("MEDIAN MS", "SHORTEST", "LIVES", "COMM");
        view.lives().stream()
                .limit(rows)
                .forEach(lives ->
                        table.row(
                                millis(lives.median()),
                                millis(lives.shortest()),
                                lives.count(),
                                lives.comm()));
        return table;
    }

    private static String perSecond(long count, Duration elapsed) {
        return String.format(
                Locale.ROOT, "%.1f", count * NANOS_PER_SECOND / Math.max(1, elapsed.toNanos()));
    }

    private static String millis(Duration duration) {
        return String.format(Locale.ROOT, "%.3f", duration.toNanos() / NANOS_PER_MILLI);
    }
}
