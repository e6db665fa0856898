// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.source.replay;

import org.jspecify.annotations.Nullable;
import org.taskwatch.api.TaskNotification;
import org.taskwatch.source.SourceException;
import org.taskwatch.source.TaskRecord;
import org.taskwatch.source.TaskRecord.Kind;
import org.taskwatch.source.TaskSink;
import org.taskwatch.source.recording.RecordingException;
import org.taskwatch.source.recording.RecordingLine;
import org.taskwatch.source.recording.RecordingReader;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;

/// A recording that is being played. It reads one line ahead. For the pump thread only, except for
/// [#counters].
final class Replay implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(Replay.class.getName());

    /// The most of one [#play], so that the pump can look for what else is to be done.
    private static final int BATCH = 512;

    private final Settings settings;
    private final RecordingReader reader;
    private final Shift shift;
    private final TaskRecord record = new TaskRecord();

    // Written by the pump, read by all.
    private final AtomicLong records = new AtomicLong();
    private final AtomicLong losses = new AtomicLong();
    private final AtomicLong badLines = new AtomicLong();
    private volatile boolean isEnded;

    /// Whether nothing more is to be read: its end was met, or reading has failed.
    private boolean isRead;

    /// What comes next, with the times of here; null at the end.
    private @Nullable RecordingLine next;

    /// The time of the last record, of here.
    private long lastNanos;

    /// What to add to the time of a record for when it is due, by [System#nanoTime]; known with the
    /// first that was not there when the recording began.
    private long delayNanos;

    private boolean isDelayKnown;

    private Replay(Settings settings, RecordingReader reader, Shift shift) {
        this.settings = settings;
        this.reader = reader;
        this.shift = shift;
        lastNanos = System.nanoTime();
        readNext();
    }

    /// {@return a recording from its beginning}
    ///
    /// @throws SourceException if it is none, or can't be read; the message says what and where
    static Replay open(Settings settings) throws SourceException {
        try {
            return begin(settings);
        } catch (IOException e) {
            throw failed(settings, reason(e), e);
        } catch (RecordingException e) {
            throw failed(settings, String.valueOf(e.getMessage()), e);
        }
    }

    private static Replay begin(Settings settings) throws IOException, RecordingException {
        Path file = settings.file();
        if (Files.exists(file) && !Files.isRegularFile(file)) {
            throw new IOException("it is no plain file"); // to open a pipe may take for ever
        }
        InputStream in = Files.newInputStream(file);
        try {
            RecordingReader reader = new RecordingReader(in);
            return new Replay(settings, reader, shift(reader));
        } catch (IOException | RecordingException e) {
            in.close();
            throw e;
        }
    }

    private static Shift shift(RecordingReader reader) throws IOException, RecordingException {
        if (!(reader.next() instanceof RecordingLine.Source source)) {
            throw new IOException(
                    "line %d: expected source, before all others".formatted(reader.line()));
        }
        long here = TaskNotification.epochNanos(Instant.now()) - System.nanoTime();
        try {
            return Shift.of(source, here);
        } catch (ArithmeticException e) {
            throw new IOException(
                    "line %d: its times are out of range".formatted(reader.line()), e);
        }
    }

    private static SourceException failed(Settings settings, String why, Exception cause) {
        return new SourceException(
                "can't play the recording " + settings.file() + ": " + why, cause);
    }

    private static String reason(IOException e) {
        return switch (e) {
            case NoSuchFileException _ -> "no such file";
            case AccessDeniedException _ -> "permission denied";
            default -> String.valueOf(e.getMessage());
        };
    }

    /// {@return how long it takes until something is due, in nanoseconds; 0 or less if something is, and
    /// the greatest number at the end}
    long waitNanos() {
        if (next == null) {
            return isEnded ? Long.MAX_VALUE : 0;
        }
        boolean isAtOnce =
                !settings.isPaced()
                        || !(next instanceof RecordingLine.Happened)
                        || record.kind() == Kind.FOUND;
        if (isAtOnce) {
            return 0;
        }
        long now = System.nanoTime();
        if (!isDelayKnown) {
            isDelayKnown = true;
            delayNanos = now - record.nanos();
        }
        return record.nanos() + delayNanos - now;
    }

    /// Tells what is due, at most a batch of it.
    void play(TaskSink sink) {
        for (int left = BATCH; left > 0 && next != null && waitNanos() <= 0; left--) {
            tell(next, sink);
            readNext();
        }
        if (next == null && !isEnded) {
            isEnded = true;
            LOG.log(
                    System.Logger.Level.INFO,
                    "The recording {0} was played to its end: {1} records and {2} losses, {3} lines"
                            + " were bad; nothing more is told",
                    settings.file(),
                    records,
                    losses,
                    badLines);
        }
    }

    private void tell(RecordingLine line, TaskSink sink) {
        switch (line) {
            case RecordingLine.Happened(var happened) -> {
                records.incrementAndGet();
                lastNanos = happened.nanos();
                sink.accept(happened);
            }
            case RecordingLine.Lost(var count, var cause, var since) -> {
                losses.incrementAndGet();
                sink.lost(count, cause, since);
            }
            case RecordingLine.Source _ -> {
                // the clock that all times are shifted by is that of the first
            }
        }
    }

    private void readNext() {
        try {
            RecordingLine line = isRead ? null : reader.next();
            next = line == null ? end() : shifted(line);
        } catch (RecordingException e) {
            next = bad(String.valueOf(e.getMessage()));
        } catch (ArithmeticException e) {
            next = bad("line " + reader.line() + ": a time is out of range");
        } catch (IOException e) {
            isRead = true;
            next = lost("the recording can't be read beyond line " + reader.line() + ": " + e);
        }
    }

    private @Nullable RecordingLine end() {
        boolean isCutEnd = reader.isCut() && !isRead;
        isRead = true;
        return isCutEnd
                ? bad(
                        "the recording ends inside line %d; how many events are missing is not known"
                                .formatted(reader.line()))
                : null;
    }

    private RecordingLine shifted(RecordingLine line) {
        return switch (line) {
            case RecordingLine.Happened(var happened) -> {
                shift.copy(happened, record);
                yield new RecordingLine.Happened(record);
            }
            case RecordingLine.Lost(var count, var cause, var since) ->
                    new RecordingLine.Lost(count, cause, Math.addExact(since, shift.nanos()));
            case RecordingLine.Source source -> source;
        };
    }

    private RecordingLine bad(String problem) {
        if (badLines.getAndIncrement() == 0) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "The recording {0} has a bad line, which is told as a loss; further ones are"
                            + " counted only: {1}",
                    settings.file(),
                    problem);
        }
        return lost("a bad line of the recording: " + problem);
    }

    private RecordingLine.Lost lost(String cause) {
        return new RecordingLine.Lost(1, cause, lastNanos);
    }

    /// {@return the counters, by name}
    Map<String, Long> counters() {
        return Map.of(
                "records", records.get(),
                "losses", losses.get(),
                "bad_lines", badLines.get(),
                "ended", isEnded ? 1L : 0L);
    }

    @Override
    public void close() {
        try {
            reader.close();
        } catch (IOException e) {
            LOG.log(System.Logger.Level.WARNING, "Could not close a recording", e);
        }
    }
}
