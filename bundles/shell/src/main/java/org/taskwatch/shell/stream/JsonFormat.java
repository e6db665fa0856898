// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.shell.stream;

import org.taskwatch.api.Capture;
import org.taskwatch.api.Credentials;
import org.taskwatch.api.Detail;
import org.taskwatch.api.Loss;
import org.taskwatch.api.Task;
import org.taskwatch.api.TaskDetails;
import org.taskwatch.api.TaskNotification;
import org.taskwatch.shell.TaskText;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Set;

/// One JSON object (RFC 8259) on a line for each event. Times are RFC 3339 in UTC with nanoseconds;
/// what is not known is null.
final class JsonFormat implements EventFormat {
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSSSSSSS'Z'")
                    .withZone(ZoneOffset.UTC);
    private static final char REPLACEMENT = '\uFFFD';

    private final boolean withAncestry;
    private final Set<Capture> captures;

    /// Makes the format.
    ///
    /// @param withAncestry whether to add the processes that the task descends from, its forker first
    /// @param captures what to add of the task; command line and executable are there in any case
    JsonFormat(boolean withAncestry, Set<Capture> captures) {
        this.withAncestry = withAncestry;
        this.captures = captures;
    }

    @Override
    public String header() {
        return "";
    }

    @Override
    public void append(StringBuilder line, TaskNotification notification) {
        Task task = notification.task();
        TaskDetails details = notification.details();
        line.append("{\"event\":\"").append(notification.event());
        line.append("\",\"seq\":").append(notification.sequence());
        line.append(",\"time\":");
        appendTime(line, notification.time());
        line.append(",\"tid\":").append(task.tid());
        line.append(",\"pid\":").append(task.pid());
        line.append(",\"ppid\":").append(TaskText.ppid(task));
        line.append(",\"start\":");
        appendTime(line, task.start());
        appendCredentials(line, details.credentials());
        line.append(",\"comm\":");
        appendText(line, details.comm());
        line.append(",\"exe\":");
        appendText(line, details.executable());
        line.append(",\"cmdline\":");
        appendTexts(line, details.commandLine());
        if (withAncestry) {
            appendAncestry(line, TaskText.ancestry(task));
        }
        new CapturedFields(line).append(captures, details);
        line.append(",\"value\":").append(notification.value());
        line.append(",\"source\":");
        appendString(line, notification.source());
        line.append(",\"origin\":\"").append(notification.origin()).append("\"}\n");
    }

    @Override
    public void append(StringBuilder line, Loss loss) {
        line.append("{\"event\":\"LOST\",\"count\":").append(loss.count());
        line.append(",\"place\":\"").append(loss.place()).append("\",\"cause\":");
        appendString(line, loss.cause());
        line.append(",\"since\":");
        appendTime(line, loss.since());
        line.append("}\n");
    }

    private static void appendAncestry(StringBuilder line, List<Task> ancestry) {
        line.append(",\"ancestry\":[");
        String separator = "";
        for (Task ancestor : ancestry) {
            line.append(separator).append("{\"pid\":").append(ancestor.pid());
            line.append(",\"start\":");
            appendTime(line, ancestor.start());
            line.append(",\"comm\":");
            appendText(line, ancestor.details().comm());
            line.append('}');
            separator = ",";
        }
        line.append(']');
    }

    private static void appendTime(StringBuilder line, Instant time) {
        line.append('"');
        TIME.formatTo(time, line);
        line.append('"');
    }

    private static void appendCredentials(StringBuilder line, Detail<Credentials> credentials) {
        switch (credentials) {
            case Detail.Known<Credentials>(Credentials ids) ->
                    line.append(",\"uid\":")
                            .append(Integer.toUnsignedLong(ids.uid()))
                            .append(",\"gid\":")
                            .append(Integer.toUnsignedLong(ids.gid()));
            case Detail.Unknown<Credentials> _ -> line.append(",\"uid\":null,\"gid\":null");
        }
    }

    private static void appendText(StringBuilder line, Detail<String> text) {
        switch (text) {
            case Detail.Known<String>(String known) -> appendString(line, known);
            case Detail.Unknown<String> _ -> line.append("null");
        }
    }

    private static void appendTexts(StringBuilder line, Detail<List<String>> texts) {
        switch (texts) {
            case Detail.Known<List<String>>(List<String> known) -> {
                String separator = "[";
                for (String text : known) {
                    line.append(separator);
                    appendString(line, text);
                    separator = ",";
                }
                line.append(known.isEmpty() ? "[]" : "]");
            }
            case Detail.Unknown<List<String>> _ -> line.append("null");
        }
    }

    /// Appends a JSON string. A surrogate without its other half can't be encoded in UTF-8: it is
    /// replaced by U+FFFD, as decoding replaces bytes that are not UTF-8.
    static void appendString(StringBuilder line, String text) {
        line.append('"');
        text.codePoints().forEach(point -> appendEscaped(line, point));
        line.append('"');
    }

    private static void appendEscaped(StringBuilder line, int point) {
        switch (point) {
            case '"' -> line.append("\\\"");
            case '\\' -> line.append("\\\\");
            case '\n' -> line.append("\\n");
            case '\r' -> line.append("\\r");
            case '\t' -> line.append("\\t");
            default -> {
                if (Character.isISOControl(point)) {
                    line.append(String.format("\\u%04x", point));
                } else if (Character.getType(point) == Character.SURROGATE) {
                    line.append(REPLACEMENT);
                } else {
                    line.appendCodePoint(point);
                }
            }
        }
    }
}
