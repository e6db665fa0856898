// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.shell.stream;

import org.taskwatch.api.Capture;
import org.taskwatch.api.Cgroup;
import org.taskwatch.api.Detail;
import org.taskwatch.api.TaskDetails;
import org.taskwatch.api.Usage;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;

/// Writes the details of a task into one JSON object. An unknown detail is null, as are all details of
/// an unknown task; for those that a reader asks for, the object `unknown`, which is there only then, says
/// why. Of a detail that was cut there is the beginning; the array `cut`, which is there only then, names
/// it. So a field has one type.
final class CapturedFields {
    private final StringBuilder line;
    private final Map<String, Detail.Reason> unknown = new TreeMap<>();
    private final List<String> cut = new ArrayList<>();

    /// Begins.
    ///
    /// @param line ends within an object, behind a member
    CapturedFields(StringBuilder line) {
        this.line = line;
    }

    /// Appends the members that every object has.
    ///
    /// @param details of the task
    void appendProgram(TaskDetails details) {
        append("comm", details.comm(), this::appendText);
        append("exe", details.executable(), this::appendText);
        append("cmdline", details.commandLine(), this::appendTexts);
        unknown.clear();
    }

    /// Appends a member for each detail that is asked for, and the last members: what is unknown, and
    /// what was cut.
    ///
    /// @param captures which details
    /// @param details of the task
    void append(Set<Capture> captures, TaskDetails details) {
        for (Capture capture : captures) {
            append(capture, details);
        }
        appendUnknown();
        appendCut();
    }

    private void appendUnknown() {
        String separator = ",\"unknown\":{";
        for (Map.Entry<String, Detail.Reason> each : unknown.entrySet()) {
            line.append(separator).append('"').append(each.getKey()).append("\":\"");
            line.append(each.getValue()).append('"');
            separator = ",";
        }
        line.append(unknown.isEmpty() ? "" : "}");
    }

    private void appendCut() {
        String separator = ",\"cut\":[";
        for (String name : cut) {
            line.append(separator).append('"').append(name).append('"');
            separator = ",";
        }
        line.append(cut.isEmpty() ? "" : "]");
    }

    private void append(Capture capture, TaskDetails details) {
        String name = capture.name().toLowerCase(Locale.ROOT);
        switch (capture) {
            case CMDLINE, EXE -> {} // every object has them
            case CGROUP -> append(name, details.cgroup(), this::appendCgroup);
            case LOGIN ->
                    append(
                            name,
                            details.loginUid(),
                            uid -> appendPlain(Integer.toUnsignedLong(uid)));
            case NAMESPACES -> append(name, details.namespaces(), this::appendIds);
            case USAGE -> append(name, details.usage(), this::appendUsage);
            default -> append(name, capture.of(details), this::appendPlain);
        }
    }

    private <T> void append(String name, Detail<T> detail, Consumer<T> value) {
        line.append(",\"").append(name).append("\":");
        switch (detail) {
            case Detail.Known<T>(T known) -> value.accept(known);
            case Detail.Cut<T>(T known) -> {
                value.accept(known);
                cut.add(name);
            }
            case Detail.Unknown<T>(Detail.Reason reason) -> {
                line.append("null");
                unknown.put(name, reason);
            }
        }
    }

    private void appendPlain(Object value) {
        if (value instanceof Number) {
            line.append(value);
        } else {
            appendText(value.toString());
        }
    }

    private void appendText(String text) {
        JsonFormat.appendString(line, text);
    }

    private void appendTexts(List<String> texts) {
        line.append('[');
        String separator = "";
        for (String text : texts) {
            line.append(separator);
            appendText(text);
            separator = ",";
        }
        line.append(']');
    }

    private void appendCgroup(Cgroup cgroup) {
        line.append("{\"path\":");
        appendText(cgroup.path());
        cgroup.container()
                .ifPresent(container -> {
                    line.append(",\"container\":");
                    appendText(container.id());
                    line.append(",\"runtime\":\"").append(container.runtime()).append('"');
                });
        line.append('}');
    }

    private void appendIds(Map<String, Long> namespaces) {
        String separator = "{";
        for (Map.Entry<String, Long> namespace : new TreeMap<>(namespaces).entrySet()) {
            line.append(separator);
            appendText(namespace.getKey());
            line.append(':').append(namespace.getValue());
            separator = ",";
        }
        line.append(namespaces.isEmpty() ? "{}" : "}");
    }

    private void appendUsage(Usage usage) {
        line.append("{\"user_ns\":").append(usage.user().toNanos());
        line.append(",\"system_ns\":").append(usage.system().toNanos());
        append("max_resident", usage.maxResidentBytes());
        line.append(",\"minor_faults\":").append(usage.minorFaults());
        line.append(",\"major_faults\":").append(usage.majorFaults());
        append("read_bytes", usage.readBytes());
        append("written_bytes", usage.writtenBytes());
        line.append('}');
    }

    private void append(String name, OptionalLong number) {
        line.append(",\"").append(name).append("\":");
        number.ifPresentOrElse(line::append, () -> line.append("null"));
    }
}
