// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.source.connector;

import org.taskwatch.tasks.TaskRecorder;

import java.nio.ByteBuffer;
import java.util.function.IntPredicate;

/// Makes records from messages, each given by the bytes of a batch and where it begins in them. For
/// the pump thread only.
final class Decoder {
    private final Reaper reaper;
    private final IntPredicate hasExecutedAgain;
    private boolean areThreadsWanted = true;
    private boolean hasExecuted;

    /// Makes one that takes threads too.
    ///
    /// @param reaper takes note of births and ends
    /// @param hasExecutedAgain as [TaskRecorder#executed] has it
    Decoder(Reaper reaper, IntPredicate hasExecutedAgain) {
        this.reaper = reaper;
        this.hasExecutedAgain = hasExecutedAgain;
    }

    boolean areThreadsWanted() {
        return areThreadsWanted;
    }

    void threads(boolean areWanted) {
        areThreadsWanted = areWanted;
    }

    /// {@return whether an EXEC was recorded since this was last called}
    boolean takeHasExecuted() {
        boolean has = hasExecuted;
        hasExecuted = false;
        return has;
    }

    /// {@return whether a message is to be recorded}
    boolean accepts(ByteBuffer data, int at) {
        return areThreadsWanted || ThreadFilter.accepts(data, at);
    }

    /// Records what an accepted message tells.
    void record(ByteBuffer data, int at, TaskRecorder recorder) {
        long nanos = data.getLong(at + ProcMessage.TIMESTAMP);
        int tid = data.getInt(at + ProcMessage.TID);
        int pid = data.getInt(at + ProcMessage.PID);
        switch (data.getInt(at + ProcMessage.WHAT)) {
            case ProcMessage.WHAT_FORK -> fork(nanos, data, at, recorder);
            case ProcMessage.WHAT_EXEC -> {
                hasExecuted = true;
                reaper.executed(pid);
                recorder.executed(nanos, tid, pid, hasExecutedAgain);
            }
            case ProcMessage.WHAT_UID ->
                    recorder.userChanged(
                            nanos,
                            tid,
                            pid,
                            data.getInt(at + ProcMessage.REAL_ID),
                            data.getInt(at + ProcMessage.EFFECTIVE_ID));
            case ProcMessage.WHAT_GID ->
                    recorder.groupChanged(
                            nanos,
                            tid,
                            pid,
                            data.getInt(at + ProcMessage.REAL_ID),
                            data.getInt(at + ProcMessage.EFFECTIVE_ID));
            case ProcMessage.WHAT_COMM ->
                    recorder.renamed(nanos, tid, pid, ProcMessage.comm(data, at));
            case ProcMessage.WHAT_EXIT ->
                    exit(nanos, tid, pid, data.getInt(at + ProcMessage.STATUS), recorder);
            default -> {
                // Answers to other listeners; sessions, ptrace and core dumps, which have no event.
            }
        }
    }

    private void exit(long nanos, int tid, int pid, int status, TaskRecorder recorder) {
        if (tid == pid && !areThreadsWanted) {
            reaper.firstThreadExited(nanos, pid, status);
            return;
        }
        recorder.exited(nanos, tid, pid, status);
        if (tid == pid) {
            reaper.exited(pid);
        }
    }

    private void fork(long nanos, ByteBuffer data, int at, TaskRecorder recorder) {
        int tid = data.getInt(at + ProcMessage.CHILD_TID);
        reaper.forked(nanos, tid, recorder);
        recorder.cloned(
                nanos,
                tid,
                data.getInt(at + ProcMessage.CHILD_PID),
                data.getInt(at + ProcMessage.PARENT_TID),
                data.getInt(at + ProcMessage.PARENT_PID),
                0);
    }
}
