// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.tasks.table;

import org.taskwatch.api.TaskEvent;
import org.taskwatch.source.TaskRecord;
import org.taskwatch.tasks.Recorder;
import org.taskwatch.tasks.RecordingSink;

import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Consumer;

/// Hands what the table is made of to those who record it. For the pump thread only, except that any
/// thread may begin and end a recording.
public final class Recordings implements Recorder {
    private static final System.Logger LOG = System.getLogger(Recordings.class.getName());

    private final LiveTasks tasks;
    private final Clocks clocks;
    private final Runnable whenAsked;
    private final TaskRecord record = new TaskRecord(); // of what is no source's
    private final List<Slot> active = new ArrayList<>();
    private String source = "";

    /// Those that are to begin, in order. Filled by any thread, emptied by the pump.
    private final Queue<Slot> requests = new ConcurrentLinkedQueue<>();

    /// Makes one.
    ///
    /// @param tasks the table
    /// @param clocks dates the records
    /// @param whenAsked is run by each thread that begins or ends a recording
    public Recordings(LiveTasks tasks, Clocks clocks, Runnable whenAsked) {
        this.tasks = tasks;
        this.clocks = clocks;
        this.whenAsked = whenAsked;
    }

    @Override
    public Recording begin(RecordingSink sink) {
        Slot slot = new Slot(sink, whenAsked);
        requests.add(slot);
        whenAsked.run();
        return slot;
    }

    /// Begins the recordings that were asked for, and forgets those that were ended.
    ///
    /// @param catchUp makes the table hold what is wanted now, and reads what is queued: who records has
    ///     said before what he wants
    public void take(Runnable catchUp) {
        active.removeIf(slot -> slot.isEnded);
        while (!requests.isEmpty()) {
            catchUp.run();
            begin(requests.remove());
        }
    }

    private void begin(Slot slot) {
        slot.tell(this::tellSource);
        List<LinuxTask> there = tasks.oldestFirst();
        for (LinuxTask task : there) {
            KnownFacts.addAll(begin(TaskRecord.Kind.FOUND, task), task);
            slot.tell(sink -> sink.accept(record));
        }
        for (LinuxTask task : there) {
            if (task.isAlive() && task.isLeaderGone) { // its EXIT will come with its last thread
                KnownFacts.addEnding(begin(TaskRecord.Kind.EXITED, task), task);
                slot.tell(sink -> sink.accept(record));
            }
        }
        active.add(slot);
    }

    private TaskRecord begin(TaskRecord.Kind kind, LinuxTask task) {
        return record.begin(kind, System.nanoTime(), task.tid(), task.pid());
    }

    private void tellSource(RecordingSink sink) {
        sink.source(source, clocks.epochNanos(0), clocks.bootNanos(0));
    }

    /// Records are of another source from now on.
    ///
    /// @param name of that source
    public void source(String name) {
        source = name;
        tell(this::tellSource);
    }

    /// A record of the source has been applied.
    ///
    /// @param applied the record; what the table knows is added to it
    public void applied(TaskRecord applied) {
        if (active.isEmpty()) {
            return;
        }
        LinuxTask task = tasks.task(applied.tid());
        if (task != null && !applied.isRepaired()) {
            KnownFacts.add(applied, task);
        }
        tell(sink -> sink.accept(applied));
    }

    /// Something was reported that no record has told.
    ///
    /// @param event what was reported
    /// @param task of which
    /// @param nanos when
    public void repaired(TaskEvent event, LinuxTask task, long nanos) {
        if (active.isEmpty()) {
            return;
        }
        record.begin(kind(event), nanos, task.tid(), task.pid()).repaired();
        if (event == TaskEvent.EXIT || event == TaskEvent.FREE) {
            KnownFacts.addEnding(record, task);
        } else {
            KnownFacts.addAll(record, task);
        }
        tell(sink -> sink.accept(record));
    }

    private static TaskRecord.Kind kind(TaskEvent event) {
        return switch (event) {
            case INIT, CLONE -> TaskRecord.Kind.CLONED;
            case EXEC -> TaskRecord.Kind.EXECUTED;
            case UID -> TaskRecord.Kind.UID_CHANGED;
            case GID -> TaskRecord.Kind.GID_CHANGED;
            case EXIT -> TaskRecord.Kind.EXITED;
            case FREE -> TaskRecord.Kind.FREED;
        };
    }

    /// The first thread of a process was found to have exited while others live. Nothing is reported yet.
    void leaderExited(LinuxTask process, long nanos) {
        if (!active.isEmpty() && !process.threads().isEmpty()) {
            record.begin(TaskRecord.Kind.EXITED, nanos, process.tid(), process.pid());
            tell(sink -> sink.accept(record));
        }
    }

    /// Events were lost.
    ///
    /// @param count how many
    /// @param cause what happened
    /// @param sinceNanos when nothing was lost yet, by CLOCK_MONOTONIC
    public void lost(long count, String cause, long sinceNanos) {
        tell(sink -> sink.lost(count, cause, sinceNanos));
    }

    private void tell(Consumer<RecordingSink> call) {
        for (Slot slot : active) {
            slot.tell(call);
        }
    }

    /// A recording: the fields but the last are the pump thread's.
    private static final class Slot implements Recording {
        private final RecordingSink sink;
        private final Runnable whenEnded;

        /// Set by any thread, and by the pump if the sink has thrown.
        private volatile boolean isEnded;

        Slot(RecordingSink sink, Runnable whenEnded) {
            this.sink = sink;
            this.whenEnded = whenEnded;
        }

        void tell(Consumer<RecordingSink> call) {
            if (isEnded) {
                return;
            }
            try {
                call.accept(sink);
            } catch (RuntimeException | LinkageError e) {
                isEnded = true;
                LOG.log(System.Logger.Level.ERROR, "A recording has thrown, and is ended", e);
            }
        }

        @Override
        public void close() {
            isEnded = true;
            whenEnded.run(); // so that it is forgotten
        }
    }
}
