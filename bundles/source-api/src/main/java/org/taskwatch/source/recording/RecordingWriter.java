// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.source.recording;

import org.jspecify.annotations.Nullable;
import org.taskwatch.api.Detail;
import org.taskwatch.api.RawText;
import org.taskwatch.source.Arguments;
import org.taskwatch.source.Fact;
import org.taskwatch.source.TaskRecord;
import org.taskwatch.source.TaskSink;

import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiConsumer;

/// Writes a recording as text, a line at a time. The package says which lines there are.
///
/// It makes little besides the text: a record of numbers alone needs no memory of its own. For one thread at
/// a time.
public final class RecordingWriter implements TaskSink {
    /// The first line, with its end.
    public static final String HEADER = RecordingReader.HEADER + "\n";

    private static final Fact[] FACTS = Fact.values();
    private static final String[] KINDS =
            Arrays.stream(TaskRecord.Kind.values())
                    .map(kind -> kind.name().toLowerCase(Locale.ROOT))
                    .toArray(String[]::new);

    private final StringBuilder text;

    /// Makes the writer. It does not write the [#HEADER].
    ///
    /// @param text takes the lines; has no character that can't be encoded, if it had none before
    public RecordingWriter(StringBuilder text) {
        this.text = text;
    }

    /// Says of which source the records are from now on.
    ///
    /// @param name of the source
    /// @param epochNanos what to add to the time of a record to have nanoseconds since 1970
    /// @param bootNanos what to add to the time of a record to have CLOCK_BOOTTIME, in which starts are
    public void source(String name, long epochNanos, long bootNanos) {
        text.append("source ");
        append(text, name);
        text.append(" epoch=").append(epochNanos).append(" boot=").append(bootNanos).append('\n');
    }

    @Override
    public void accept(TaskRecord record) {
        text.append(KINDS[record.kind().ordinal()]).append(' ').append(record.tid());
        text.append(' ').append(record.pid()).append(' ').append(record.nanos());
        if (record.isRepaired()) {
            text.append(" repaired");
        }
        for (Fact fact : FACTS) {
            if (record.has(fact)) {
                text.append(' ').append(FactText.of(fact).name()).append('=');
                text.append(record.get(fact));
            }
        }
        if (record.hasDetails()) {
            append("comm", record.comm(), RecordingWriter::append);
            append("exe", record.executable(), RecordingWriter::append);
            append("args", record.arguments(), RecordingWriter::append);
            append("cwd", record.workingDirectory(), RecordingWriter::append);
            append("cgroup", record.cgroup(), RecordingWriter::append);
            append("ns", record.namespaces(), RecordingWriter::append);
        }
        text.append('\n');
    }

    @Override
    public void lost(long count, String cause, long sinceNanos) {
        text.append("lost ").append(count).append(" since=").append(sinceNanos).append(" cause=");
        append(text, cause);
        text.append('\n');
    }

    private <T> void append(
            String name, @Nullable Detail<T> detail, BiConsumer<StringBuilder, T> value) {
        if (detail == null) {
            return;
        }
        text.append(' ').append(name).append('=');
        switch (detail) {
            case Detail.Known<T>(T known) -> value.accept(text, known);
            case Detail.Cut<T>(T beginning) -> {
                value.accept(text, beginning);
                text.append(LineCursor.CUT);
            }
            case Detail.Unknown<T> unknown -> text.append(unknown);
        }
    }

    private static void append(StringBuilder text, String value) {
        String escaped = RawText.escape(value);
        text.append('"');
        if (escaped.indexOf('"') < 0) { // as nearly always
            text.append(escaped);
        } else {
            text.append(escaped.replace("\"", "\\u{22}"));
        }
        text.append('"');
    }

    private static void append(StringBuilder text, Arguments arguments) {
        String separator = "";
        for (String argument : arguments) {
            text.append(separator);
            append(text, argument);
            separator = ",";
        }
    }

    private static void append(StringBuilder text, Map<String, Long> ids) {
        String separator = "";
        for (Map.Entry<String, Long> id : new TreeMap<>(ids).entrySet()) {
            text.append(separator);
            append(text, id.getKey());
            text.append(':').append(id.getValue());
            separator = ",";
        }
    }
}
