// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.source.recording;

import org.jspecify.annotations.Nullable;
import org.taskwatch.api.RawText;
import org.taskwatch.source.Arguments;
import org.taskwatch.source.TaskRecord;
import org.taskwatch.source.TaskRecord.Kind;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.Collections;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;

/// Understands lines of a recording. Uses one record for all. For one thread.
final class LineParser {
    private static final Map<String, Kind> KINDS =
            Arrays.stream(Kind.values())
                    .collect(
                            Collectors.toMap(
                                    kind -> kind.name().toLowerCase(Locale.ROOT),
                                    Function.identity()));

    private final TaskRecord record = new TaskRecord();
    private final RecordingLine.Happened happened = new RecordingLine.Happened(record);

    /// {@return what a line says}
    ///
    /// @param line stands before its first word
    RecordingLine parse(LineCursor line) throws RecordingException {
        String word = line.name();
        return switch (word) {
            case "source" -> source(line);
            case "lost" -> lost(line);
            default -> record(line, word);
        };
    }

    private static RecordingLine source(LineCursor line) throws RecordingException {
        line.hasWord();
        String name = line.text("the name of the source");
        long epoch = line.number("epoch", Long.MIN_VALUE, Long.MAX_VALUE);
        long boot = line.number("boot", Long.MIN_VALUE, Long.MAX_VALUE);
        expectNoMore(line);
        return new RecordingLine.Source(name, epoch, boot);
    }

    private static RecordingLine lost(LineCursor line) throws RecordingException {
        line.hasWord();
        long count = line.number("the count", "", 1, Long.MAX_VALUE);
        long since = line.number("since", Long.MIN_VALUE, Long.MAX_VALUE);
        if (!line.name().equals("cause")) {
            throw line.wrong("expected cause=\"TEXT\" behind since");
        }
        line.expect('=', "cause");
        String cause = line.text("cause");
        expectNoMore(line);
        return new RecordingLine.Lost(count, cause, since);
    }

    private static void expectNoMore(LineCursor line) throws RecordingException {
        if (line.hasWord()) {
            throw line.wrong(
                    "expected no more in this line, found " + LineCursor.shown(line.name()));
        }
    }

    private RecordingLine record(LineCursor line, String word) throws RecordingException {
        Kind kind = KINDS.get(word);
        if (kind == null) {
            throw line.wrong(
                    "it begins with %s; expected source, lost or one of %s"
                            .formatted(LineCursor.shown(word), String.join(", ", names(KINDS))));
        }
        int tid = id(line, "the tid");
        int pid = id(line, "the pid");
        line.hasWord();
        record.begin(kind, line.number("the time", "", Long.MIN_VALUE, Long.MAX_VALUE), tid, pid);
        while (line.hasWord()) {
            addFact(line);
        }
        return happened;
    }

    private static Iterable<String> names(Map<String, ?> all) {
        return new TreeMap<>(all).keySet();
    }

    private static int id(LineCursor line, String what) throws RecordingException {
        line.hasWord();
        return (int) line.number(what, "", 1, Integer.MAX_VALUE);
    }

    private void addFact(LineCursor line) throws RecordingException {
        String name = line.name();
        if (name.equals("repaired")) {
            line.checkEnd(name);
            record.repaired();
            return;
        }
        line.expect('=', LineCursor.shown(name));
        FactText fact = FactText.named(name);
        if (fact == null) {
            addDetail(line, name);
        } else {
            checkNew(line, name, record.has(fact.fact()) ? fact : null);
            record.set(fact.fact(), line.number(name, "", fact.least(), fact.most()));
        }
    }

    private void addDetail(LineCursor line, String name) throws RecordingException {
        LineCursor.Value<String> text = () -> line.text(name);
        switch (name) {
            case "comm" -> {
                checkNew(line, name, record.comm());
                record.comm(line.detail(name, text));
            }
            case "exe" -> {
                checkNew(line, name, record.executable());
                record.executable(line.detail(name, text));
            }
            case "args" -> {
                checkNew(line, name, record.arguments());
                record.arguments(line.detail(name, () -> arguments(line)));
            }
            case "cwd" -> {
                checkNew(line, name, record.workingDirectory());
                record.workingDirectory(line.detail(name, text));
            }
            case "cgroup" -> {
                checkNew(line, name, record.cgroup());
                record.cgroup(line.detail(name, text));
            }
            case "ns" -> {
                checkNew(line, name, record.namespaces());
                record.namespaces(line.detail(name, () -> namespaces(line)));
            }
            default ->
                    throw line.wrong(
                            "unknown fact %s; expected one of Fact in lower case, or comm, exe, args, cwd, cgroup, ns"
                                    .formatted(LineCursor.shown(name)));
        }
    }

    private static void checkNew(LineCursor line, String name, @Nullable Object before)
            throws RecordingException {
        if (before != null) {
            throw line.wrong(name + " is there twice; expected it once");
        }
    }

    private static Arguments arguments(LineCursor line) throws RecordingException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        do {
            bytes.writeBytes(RawText.bytes(line.text("args")));
            bytes.write(0);
        } while (line.takes(','));
        return Arguments.of(bytes.toByteArray(), bytes.size());
    }

    private static Map<String, Long> namespaces(LineCursor line) throws RecordingException {
        Map<String, Long> ids = new TreeMap<>();
        if (line.isAt('"')) {
            do {
                String type = line.text("ns");
                line.expect(':', "the type of a namespace");
                long id = line.number("the id", ",.", Long.MIN_VALUE, Long.MAX_VALUE);
                checkNew(line, "ns of one type", ids.put(type, id));
            } while (line.takes(','));
        }
        return Collections.unmodifiableMap(ids);
    }
}
