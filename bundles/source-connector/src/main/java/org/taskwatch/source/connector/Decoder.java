// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.source.connector;

import org.taskwatch.api.Detail;
import org.taskwatch.linux.connector.ProcMessage;
import org.taskwatch.source.Fact;
import org.taskwatch.source.TaskRecord;
import org.taskwatch.source.TaskRecord.Kind;
import org.taskwatch.source.TaskSink;

import java.nio.ByteBuffer;

/// Makes records from messages, each given by the bytes of a batch and where it begins in them. For
/// the pump thread only.
final class Decoder {
    private final Reaper reaper;
    private final TaskRecord record = new TaskRecord();
    private boolean areThreadsOn = true;
    private boolean hasExecuted;

    /// Makes one that takes threads too.
    ///
    /// @param reaper takes note of births and ends
    Decoder(Reaper reaper) {
        this.reaper = reaper;
    }

    boolean areThreadsOn() {
        return areThreadsOn;
    }

    void threads(boolean areOn) {
        areThreadsOn = areOn;
    }

    /// {@return whether an EXEC was recorded since this was last called}
    boolean takeHasExecuted() {
        boolean has = hasExecuted;
        hasExecuted = false;
        return has;
    }

    /// {@return whether a message is to be recorded}
    boolean accepts(ByteBuffer data, int at) {
        return areThreadsOn || ThreadFilter.accepts(data, at);
    }

    /// Records what an accepted message tells.
    void record(ByteBuffer data, int at, TaskSink sink) {
        long nanos = data.getLong(at + ProcMessage.TIMESTAMP);
        int tid = data.getInt(at + ProcMessage.TID);
        int pid = data.getInt(at + ProcMessage.PID);
        switch (data.getInt(at + ProcMessage.WHAT)) {
            case ProcMessage.WHAT_FORK -> fork(nanos, data, at, sink);
            case ProcMessage.WHAT_EXEC -> {
                hasExecuted = true;
                reaper.executed(pid);
                sink.accept(record.begin(Kind.EXECUTED, nanos, tid, pid));
            }
            case ProcMessage.WHAT_UID -> {
                record.begin(Kind.UID_CHANGED, nanos, tid, pid);
                sink.accept(ids(data, at, Fact.REAL_UID, Fact.EFFECTIVE_UID));
            }
            case ProcMessage.WHAT_GID -> {
                record.begin(Kind.GID_CHANGED, nanos, tid, pid);
                sink.accept(ids(data, at, Fact.REAL_GID, Fact.EFFECTIVE_GID));
            }
            case ProcMessage.WHAT_COMM ->
                    sink.accept(
                            record.begin(Kind.RENAMED, nanos, tid, pid)
                                    .comm(Detail.of(ProcMessage.comm(data, at))));
            case ProcMessage.WHAT_EXIT ->
                    exit(nanos, tid, pid, data.getInt(at + ProcMessage.STATUS), sink);
            default -> {
                // Answers to other listeners; sessions, ptrace and core dumps, which have no event.
            }
        }
    }

    private TaskRecord ids(ByteBuffer data, int at, Fact real, Fact effective) {
        return record.set(real, Integer.toUnsignedLong(data.getInt(at + ProcMessage.REAL_ID)))
                .set(effective, Integer.toUnsignedLong(data.getInt(at + ProcMessage.EFFECTIVE_ID)));
    }

    private void exit(long nanos, int tid, int pid, int status, TaskSink sink) {
        if (tid == pid && !areThreadsOn) {
            reaper.firstThreadExited(nanos, pid, status);
            return;
        }
        sink.accept(record.begin(Kind.EXITED, nanos, tid, pid).set(Fact.STATUS, status));
        if (tid == pid) {
            reaper.exited(pid);
        }
    }

    private void fork(long nanos, ByteBuffer data, int at, TaskSink sink) {
        int tid = data.getInt(at + ProcMessage.CHILD_TID);
        reaper.forked(nanos, tid, sink);
        sink.accept(
                record.begin(Kind.CLONED, nanos, tid, data.getInt(at + ProcMessage.CHILD_PID))
                        .set(Fact.PARENT_TID, data.getInt(at + ProcMessage.PARENT_TID))
                        .set(Fact.PARENT_PID, data.getInt(at + ProcMessage.PARENT_PID)));
    }
}
