// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.shell.stream;

import org.taskwatch.api.Capture;
import org.taskwatch.api.Credentials;
import org.taskwatch.api.Detail;
import org.taskwatch.api.Gate;
import org.taskwatch.api.Loss;
import org.taskwatch.api.RawText;
import org.taskwatch.api.Task;
import org.taskwatch.api.TaskDetails;
import org.taskwatch.api.TaskNotification;
import org.taskwatch.shell.TaskText;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// One JSON object (RFC 8259) on a line for each event. Times are RFC 3339 in UTC with nanoseconds;
/// what is not known is null; what was cut is named in the array `cut`. The members `cause`, of a fork that has
/// come to nothing, `gate`, the label of the gate, and `labels`, an object, are there only where there is one. Values of strings are escaped as
/// far as JSON can't have them otherwise: a backslash is two, a byte that is no UTF-8 `\xHH` (as
/// [RawText#escape] has it, and [RawText#unescape] takes the value back).
final class JsonFormat implements EventFormat {
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSSSSSSS'Z'")
                    .withZone(ZoneOffset.UTC);

    /// As many as a line of events shows; lineages of programs that people use are far shorter.
    private static final int MOST_ANCESTORS = 64;

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
        CapturedFields fields = new CapturedFields(line);
        fields.appendProgram(details);
        if (withAncestry) {
            appendAncestry(line, task);
        }
        fields.append(captures, details);
        line.append(",\"value\":").append(notification.value());
        if (!notification.cause().isEmpty()) {
            line.append(",\"cause\":");
            appendString(line, notification.cause());
        }
        appendLabels(line, details.labels());
        Gate gate = task.gate();
        if (gate != null) {
            line.append(",\"gate\":");
            appendString(line, gate.label());
        }
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

    /// Appends a notice that events may be missing, nobody knows how many, and a line feed.
    ///
    /// @param line takes the text
    /// @param cause why
    static void appendUnknownLoss(StringBuilder line, String cause) {
        line.append("{\"event\":\"LOST\",\"count\":null,\"place\":\"")
                .append(Loss.Place.READER)
                .append("\",\"cause\":");
        appendString(line, cause);
        line.append(",\"since\":null}\n");
    }

    private static void appendLabels(StringBuilder line, Map<String, String> labels) {
        String separator = ",\"labels\":{";
        for (Map.Entry<String, String> label : labels.entrySet()) {
            line.append(separator);
            appendString(line, label.getKey());
            line.append(':');
            appendString(line, label.getValue());
            separator = ",";
        }
        line.append(labels.isEmpty() ? "" : "}");
    }

    private static void appendAncestry(StringBuilder line, Task task) {
        List<Task> ancestry = TaskText.ancestry(task, MOST_ANCESTORS + 1);
        boolean isCut = ancestry.size() > MOST_ANCESTORS;
        line.append(",\"ancestry\":[");
        String separator = "";
        for (Task ancestor : isCut ? ancestry.subList(0, MOST_ANCESTORS) : ancestry) {
            line.append(separator).append("{\"pid\":").append(ancestor.pid());
            line.append(",\"start\":");
            appendTime(line, ancestor.start());
            line.append(",\"comm\":");
            appendText(line, ancestor.details().comm());
            line.append('}');
            separator = ",";
        }
        line.append(isCut ? "],\"ancestry_cut\":true" : "]");
    }

    private static void appendTime(StringBuilder line, Instant time) {
        line.append('"');
        TIME.formatTo(time, line);
        line.append('"');
    }

    private static void appendCredentials(StringBuilder line, Detail<Credentials> credentials) {
        Credentials ids = credentials.value().orElse(null);
        if (ids == null) {
            line.append(",\"uid\":null,\"gid\":null");
            return;
        }
        line.append(",\"uid\":").append(Integer.toUnsignedLong(ids.uid()));
        line.append(",\"gid\":").append(Integer.toUnsignedLong(ids.gid()));
    }

    private static void appendText(StringBuilder line, Detail<String> text) {
        String known = text.value().orElse(null);
        if (known == null) {
            line.append("null");
        } else {
            appendString(line, known);
        }
    }

    /// Appends a JSON string.
    static void appendString(StringBuilder line, String text) {
        line.append('"');
        int plain = 0;
        while (plain < text.length() && isAsIs(text.charAt(plain))) {
            plain++;
        }
        line.append(text, 0, plain);
        text.substring(plain).codePoints().forEach(point -> appendEscaped(line, point));
        line.append('"');
    }

    private static boolean isAsIs(char c) {
        return c >= ' ' && c < 0x7f && c != '"' && c != '\\';
    }

    private static void appendEscaped(StringBuilder line, int point) {
        switch (point) {
            case '"' -> line.append("\\\"");
            case '\\' ->
                    line.append("\\\\\\\\"); // a backslash is two in the value, each two in JSON
            case '\n' -> line.append("\\n");
            case '\r' -> line.append("\\r");
            case '\t' -> line.append("\\t");
            default -> {
                if (RawText.isPlain(point)) {
                    line.appendCodePoint(point);
                } else if (Character.getType(point) == Character.SURROGATE) {
                    line.append('\\').append(RawText.escape(Character.toString(point)));
                } else {
                    for (char c : Character.toChars(point)) {
                        line.append(String.format("\\u%04x", (int) c));
                    }
                }
            }
        }
    }
}
