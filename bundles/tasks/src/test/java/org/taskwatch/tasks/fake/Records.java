// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.tasks.fake;

import org.taskwatch.api.Detail;
import org.taskwatch.source.Fact;
import org.taskwatch.source.TaskRecord;
import org.taskwatch.source.TaskRecord.Kind;
import org.taskwatch.source.TaskSink;

import java.util.function.IntPredicate;

/// Short words for the records that a source makes.
public final class Records {
    /// Of a status that is not known.
    private static final int UNKNOWN = -1;

    private final TaskSink sink;
    private final TaskRecord record = new TaskRecord();

    /// What the source answers to hasExecutedAgain.
    public IntPredicate hasExecutedAgain = _ -> false;

    public Records(TaskSink sink) {
        this.sink = sink;
    }

    public void accept(TaskRecord other) {
        sink.accept(other);
    }

    public void cloned(long nanos, int tid, int pid, int parentTid, int parentPid, long flags) {
        sink.accept(
                record.begin(Kind.CLONED, nanos, tid, pid)
                        .set(Fact.PARENT_TID, parentTid)
                        .set(Fact.PARENT_PID, parentPid)
                        .set(Fact.CLONE_FLAGS, flags));
    }

    public void executed(long nanos, int tid, int pid, IntPredicate again) {
        hasExecutedAgain = again;
        sink.accept(record.begin(Kind.EXECUTED, nanos, tid, pid));
    }

    public void userChanged(long nanos, int tid, int pid, int realUid, int uid) {
        sink.accept(
                record.begin(Kind.UID_CHANGED, nanos, tid, pid)
                        .set(Fact.REAL_UID, Integer.toUnsignedLong(realUid))
                        .set(Fact.EFFECTIVE_UID, Integer.toUnsignedLong(uid)));
    }

    public void groupChanged(long nanos, int tid, int pid, int realGid, int gid) {
        sink.accept(
                record.begin(Kind.GID_CHANGED, nanos, tid, pid)
                        .set(Fact.REAL_GID, Integer.toUnsignedLong(realGid))
                        .set(Fact.EFFECTIVE_GID, Integer.toUnsignedLong(gid)));
    }

    public void renamed(long nanos, int tid, int pid, String comm) {
        sink.accept(record.begin(Kind.RENAMED, nanos, tid, pid).comm(Detail.of(comm)));
    }

    public void exited(long nanos, int tid, int pid, int status) {
        record.begin(Kind.EXITED, nanos, tid, pid);
        if (status != UNKNOWN) {
            record.set(Fact.STATUS, status);
        }
        sink.accept(record);
    }

    public void freed(long nanos, int pid) {
        sink.accept(record.begin(Kind.FREED, nanos, pid, pid));
    }

    public void lost(long count, String cause, long sinceNanos) {
        sink.lost(count, cause, sinceNanos);
    }
}
