// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.shell.record;

import com.google.errorprone.annotations.concurrent.GuardedBy;

import org.taskwatch.shell.stream.StreamMemory;
import org.taskwatch.source.TaskRecord;
import org.taskwatch.source.recording.RecordingReader;
import org.taskwatch.source.recording.RecordingWriter;
import org.taskwatch.tasks.RecordingSink;

import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.TimeUnit;

/// The lines of a recording, between the pump, which never waits, and the one that writes them.
///
/// It is bounded. What does not fit is counted instead, and a line says how many are missing, in their
/// place. The methods of the sink are for the pump thread, the others for all.
final class RecordingQueue implements RecordingSink, AutoCloseable {
    /// What a line takes in memory besides its bytes: its array, and its place in the queue.
    private static final int ENTRY_BYTES = 64;

    private static final int BATCH = 256;

    private final long mostBytes;
    private final StreamMemory memory;

    // The pump's own.
    private final StringBuilder text = new StringBuilder();
    private final RecordingWriter writer = new RecordingWriter(text);

    @GuardedBy("this")
    private final Queue<Line> lines = new ArrayDeque<>();

    /// What the lines take.
    @GuardedBy("this")
    private long bytes;

    /// How many records and lost events are missing since the last line.
    @GuardedBy("this")
    private long missing;

    /// Nothing was missing until this time of the last line.
    @GuardedBy("this")
    private long lastNanos = System.nanoTime();

    @GuardedBy("this")
    private boolean isEnded;

    /// A line, and what it takes of the bounds: 0 if it is one of the few that must be there.
    private record Line(byte[] text, long cost) {}

    /// Makes the queue, with the first line of a recording.
    ///
    /// @param mostBytes how much memory its lines may take
    /// @param memory what all recordings together may take
    RecordingQueue(long mostBytes, StreamMemory memory) {
        this.mostBytes = mostBytes;
        this.memory = memory;
        lines.add(new Line(bytes(RecordingWriter.HEADER), 0));
    }

    private static byte[] bytes(CharSequence text) {
        return text.toString().getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public void source(String name, long epochNanos, long bootNanos) {
        writer.source(name, epochNanos, bootNanos);
        putAlways(takeText());
    }

    @Override
    public void accept(TaskRecord record) {
        writer.accept(record);
        offer(takeText(), 1, record.nanos());
    }

    @Override
    public void lost(long count, String cause, long sinceNanos) {
        writer.lost(count, cause, sinceNanos);
        offer(takeText(), count, sinceNanos);
    }

    private byte[] takeText() {
        byte[] line = bytes(text);
        text.setLength(0);
        return line;
    }

    /// Puts what there must be room for: a source is rare, and without it there is no recording.
    private synchronized void putAlways(byte[] line) {
        if (!isEnded) {
            put(new Line(line, 0));
        }
    }

    private synchronized void offer(byte[] line, long count, long nanos) {
        if (isEnded) {
            return;
        }
        if (putIfRoom(line)) {
            lastNanos = nanos;
        } else {
            missing += count;
        }
    }

    @GuardedBy("this")
    private boolean putIfRoom(byte[] line) {
        long cost = (long) line.length + ENTRY_BYTES;
        boolean hasRoom =
                line.length <= RecordingReader.MOST_LINE_BYTES
                        && bytes + cost <= mostBytes
                        && memory.take(cost);
        if (hasRoom) {
            bytes += cost;
            put(new Line(line, cost));
        }
        return hasRoom;
    }

    @GuardedBy("this")
    private void put(Line line) {
        sayWhatIsMissing();
        lines.add(line);
        notifyAll();
    }

    @GuardedBy("this")
    private void sayWhatIsMissing() {
        if (missing > 0) {
            StringBuilder line = new StringBuilder();
            new RecordingWriter(line).lost(missing, "the recorder was slow", lastNanos);
            lines.add(new Line(bytes(line), 0));
            missing = 0;
        }
    }

    /// Waits until there is something, then takes a batch of it.
    ///
    /// @param nanos how long to wait at most
    /// @return the next lines, in order; empty if the time is over, or the queue is ended and has no more
    /// @throws InterruptedException if the thread is interrupted
    synchronized List<byte[]> take(long nanos) throws InterruptedException {
        long begun = System.nanoTime();
        long left = nanos;
        while (lines.isEmpty() && missing == 0 && !isEnded && left > 0) {
            TimeUnit.NANOSECONDS.timedWait(this, left);
            left = nanos - (System.nanoTime() - begun);
        }
        if (lines.isEmpty()) {
            sayWhatIsMissing();
        }
        List<byte[]> batch = new ArrayList<>();
        while (!lines.isEmpty() && batch.size() < BATCH) {
            batch.add(remove());
        }
        return batch;
    }

    @GuardedBy("this")
    private byte[] remove() {
        Line line = lines.remove();
        bytes -= line.cost();
        memory.give(line.cost());
        return line.text();
    }

    /// Takes in nothing more.
    synchronized void end() {
        isEnded = true;
        notifyAll();
    }

    /// Ends it, and forgets what it has.
    @Override
    public synchronized void close() {
        end();
        missing = 0;
        while (!lines.isEmpty()) {
            remove();
        }
    }
}
