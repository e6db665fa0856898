// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.source.replay;

import org.taskwatch.source.TaskRecord;
import org.taskwatch.source.TaskSink;
import org.taskwatch.source.recording.RecordingWriter;

import java.util.List;

/// Keeps what it is told, as the lines of a recording.
final class Told implements TaskSink {
    private final StringBuilder text = new StringBuilder();
    private final RecordingWriter writer = new RecordingWriter(text);

    @Override
    public void accept(TaskRecord record) {
        writer.accept(record);
    }

    @Override
    public void lost(long count, String cause, long sinceNanos) {
        writer.lost(count, cause, sinceNanos);
    }

    List<String> lines() {
        return text.toString().lines().toList();
    }
}
