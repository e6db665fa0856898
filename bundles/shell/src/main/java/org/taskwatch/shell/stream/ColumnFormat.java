// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.shell.stream;

import org.taskwatch.api.Capture;
import org.taskwatch.api.Credentials;
import org.taskwatch.api.Loss;
import org.taskwatch.api.TaskNotification;
import org.taskwatch.api.WaitStatus;
import org.taskwatch.shell.TaskText;

import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Set;
import java.util.function.ToIntFunction;

/// One line of aligned columns for each event. The columns have fixed widths, because later values
/// are not known yet; a longer one shifts the rest of its line.
final class ColumnFormat implements EventFormat {
    private static final String LAYOUT = "%-15s %-5s %7s %7s %7s %-10s %-15s %-18s %s";
    static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("HH:mm:ss.SSSSSS").withZone(ZoneId.systemDefault());

    private final TaskText text = TaskText.load();
    private final Set<Capture> captures;
    private final boolean withLabels;

    /// Makes the format.
    ///
    /// @param captures what to add to the end of a line; the command line stands in its column
    /// @param withLabels whether to add the labels, too
    ColumnFormat(Set<Capture> captures, boolean withLabels) {
        this.captures = captures;
        this.withLabels = withLabels;
    }

    @Override
    public String header() {
        return String.format(
                LAYOUT + "%n",
                "TIME",
                "EVENT",
                "TID",
                "PID",
                "PPID",
                "USER",
                "COMM",
                "DETAIL",
                "COMMAND");
    }

    @Override
    public void append(StringBuilder line, TaskNotification notification) {
        line.append(
                String.format(
                        LAYOUT,
                        TIME.format(notification.time()),
                        notification.event(),
                        notification.task().tid(),
                        notification.task().pid(),
                        TaskText.ppid(notification.task()),
                        text.user(notification.details()),
                        TaskText.comm(notification.details()),
                        detail(notification),
                        TaskText.command(notification.details())));
        for (Capture capture : captures) {
            if (capture != Capture.CMDLINE) {
                line.append(' ').append(capture.name().toLowerCase(Locale.ROOT)).append('=');
                line.append(TaskText.captured(capture, notification.details()));
            }
        }
        if (withLabels) {
            line.append(TaskText.labels(notification.details()));
        }
        line.append('\n');
    }

    @Override
    public void append(StringBuilder line, Loss loss) {
        appendLoss(line, loss);
    }

    /// Appends a notice that events are missing, and a line feed.
    static void appendLoss(StringBuilder line, Loss loss) {
        line.append("LOST ")
                .append(loss.count())
                .append(" events since ")
                .append(TIME.format(loss.since()))
                .append(" at ")
                .append(loss.place())
                .append(": ")
                .append(TaskText.printable(loss.cause()))
                .append('\n');
    }

    /// {@return what the value of an event means, empty if nothing}
    static String detail(TaskNotification notification) {
        return switch (notification.event()) {
            case INIT -> String.format("asks to fork, flags 0x%x", notification.value());
            case CLONE -> flags(notification.value());
            case EXEC -> "";
            case UID -> change("uid", notification, Credentials::uid);
            case GID -> change("gid", notification, Credentials::gid);
            case EXIT -> status(notification.value());
            case FREE ->
                    notification.cause().isEmpty()
                            ? status(notification.value())
                            : TaskText.printable(notification.cause());
        };
    }

    private static String flags(long flags) {
        return flags <= 0 ? "" : String.format("flags 0x%x", flags);
    }

    /// {@return how a task has ended}
    static String status(long status) {
        return status < 0 ? "status unknown" : new WaitStatus((int) status).toString();
    }

    private static String change(
            String what, TaskNotification notification, ToIntFunction<Credentials> id) {
        String before = notification.value() < 0 ? "?" : Long.toString(notification.value());
        String now =
                notification
                        .details()
                        .credentials()
                        .value()
                        .map(ids -> Integer.toUnsignedString(id.applyAsInt(ids)))
                        .orElse("?");
        return what + " " + before + " -> " + now;
    }
}
