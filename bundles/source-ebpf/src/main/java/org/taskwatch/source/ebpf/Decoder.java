// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.source.ebpf;

import org.taskwatch.api.Capture;
import org.taskwatch.api.Detail;
import org.taskwatch.api.RawText;
import org.taskwatch.source.Arguments;
import org.taskwatch.source.Demand;
import org.taskwatch.source.Fact;
import org.taskwatch.source.TaskRecord;
import org.taskwatch.source.TaskRecord.Kind;
import org.taskwatch.source.TaskSink;

import java.nio.ByteBuffer;

/// Makes records for the table from those that the programs write, see [RecordLayout], each given by the bytes
/// of the ring and where it begins in them. For the pump thread only.
final class Decoder {
    private final Unreaped unreaped;
    private final CgroupPaths cgroups;
    private final Namespaces namespaces = new Namespaces();
    private final UsageDecoder usage = new UsageDecoder();
    private final TaskRecord record = new TaskRecord();
    private final byte[] name = new byte[RecordLayout.NAME_BYTES];
    private final byte[] groupPath = new byte[RecordLayout.MOST_GROUP_PATH];
    private boolean areThreadsOn = true;
    private boolean isLoginWanted = true;

    /// Makes one that takes everything.
    ///
    /// @param unreaped takes note of births and ends
    /// @param cgroups takes note of control groups that are made, and knows their paths
    Decoder(Unreaped unreaped, CgroupPaths cgroups) {
        this.unreaped = unreaped;
        this.cgroups = cgroups;
    }

    /// Says what is wanted: records that were made before that hold more.
    void demand(Demand demand) {
        areThreadsOn = demand.threads();
        isLoginWanted = demand.captures().contains(Capture.LOGIN);
    }

    /// {@return when a record was made}
    static long nanos(ByteBuffer data, int at) {
        return data.getLong(at + RecordLayout.TIME);
    }

    /// {@return what a record tells, as [RecordLayout] numbers it}
    static int kind(ByteBuffer data, int at) {
        return data.getInt(at + RecordLayout.KIND);
    }

    /// {@return whether a record tells that a process has executed}
    static boolean isExec(ByteBuffer data, int at, int pid) {
        return kind(data, at) == RecordLayout.EXEC && data.getInt(at + RecordLayout.PID) == pid;
    }

    /// Records what a record of the ring tells.
    ///
    /// @return whether a program was executed
    boolean record(ByteBuffer data, int at, TaskSink sink) {
        int tid = data.getInt(at + RecordLayout.TID);
        int pid = data.getInt(at + RecordLayout.PID);
        if (tid != pid && !areThreadsOn) {
            exitOfLast(data, at, pid, sink);
            return false;
        }
        switch (data.getInt(at + RecordLayout.KIND)) {
            case RecordLayout.CLONE -> {
                unreaped.gone(tid);
                sink.accept(clone(data, at, tid, pid));
            }
            case RecordLayout.EXEC -> sink.accept(exec(data, at, tid, pid));
            case RecordLayout.EXIT -> exit(data, at, tid, pid, sink);
            case RecordLayout.FREE -> free(data, at, pid, sink);
            case RecordLayout.RENAME -> sink.accept(rename(data, at, tid, pid));
            case RecordLayout.IDS -> ids(data, at, tid, pid, sink);
            case RecordLayout.GROUP ->
                    cgroups.created(
                            data.getLong(at + RecordLayout.GROUP_ID),
                            text(data, at + RecordLayout.GROUP_PATH, groupPath));
            default -> throw new IllegalStateException("a record of no kind in the ring");
        }
        return data.getInt(at + RecordLayout.KIND) == RecordLayout.EXEC;
    }

    private TaskRecord begin(Kind kind, ByteBuffer data, int at, int tid, int pid) {
        return record.begin(kind, data.getLong(at + RecordLayout.TIME), tid, pid)
                .set(Fact.START_NANOS, data.getLong(at + RecordLayout.START));
    }

    private TaskRecord clone(ByteBuffer data, int at, int tid, int pid) {
        begin(Kind.CLONED, data, at, tid, pid)
                .set(Fact.CLONE_FLAGS, data.getLong(at + RecordLayout.CLONE_FLAGS))
                .set(Fact.CREATOR_TID, data.getInt(at + RecordLayout.CREATOR_TID));
        return identity(data, at);
    }

    private TaskRecord identity(ByteBuffer data, int at) {
        record.set(Fact.PARENT_TID, data.getInt(at + RecordLayout.PARENT_TID))
                .set(Fact.PARENT_PID, data.getInt(at + RecordLayout.PARENT_PID))
                .set(Fact.SESSION, data.getInt(at + RecordLayout.SESSION));
        users(data, at);
        groups(data, at);
        tellPlace(data, at);
        // It is a detail of its own in the table, while all else of a fork is its parent's.
        return isLoginWanted
                ? record.set(Fact.LOGIN_UID, id(data, at + RecordLayout.LOGIN_UID))
                : record;
    }

    private TaskRecord users(ByteBuffer data, int at) {
        return record.set(Fact.REAL_UID, id(data, at + RecordLayout.REAL_UID))
                .set(Fact.EFFECTIVE_UID, id(data, at + RecordLayout.EFFECTIVE_UID))
                .set(Fact.SAVED_UID, id(data, at + RecordLayout.SAVED_UID))
                .set(Fact.FILE_SYSTEM_UID, id(data, at + RecordLayout.FILE_SYSTEM_UID));
    }

    private TaskRecord groups(ByteBuffer data, int at) {
        return record.set(Fact.REAL_GID, id(data, at + RecordLayout.REAL_GID))
                .set(Fact.EFFECTIVE_GID, id(data, at + RecordLayout.EFFECTIVE_GID))
                .set(Fact.SAVED_GID, id(data, at + RecordLayout.SAVED_GID))
                .set(Fact.FILE_SYSTEM_GID, id(data, at + RecordLayout.FILE_SYSTEM_GID));
    }

    private void ids(ByteBuffer data, int at, int tid, int pid, TaskSink sink) {
        int changed = data.getInt(at + RecordLayout.CHANGED);
        if ((changed & RecordLayout.USERS_CHANGED) != 0) {
            begin(Kind.UID_CHANGED, data, at, tid, pid);
            sink.accept(users(data, at));
        }
        if ((changed & RecordLayout.GROUPS_CHANGED) != 0) {
            begin(Kind.GID_CHANGED, data, at, tid, pid);
            sink.accept(groups(data, at));
        }
    }

    private void tellPlace(ByteBuffer data, int at) {
        long cgroup = data.getLong(at + RecordLayout.CGROUP);
        if (cgroup != 0) {
            record.set(Fact.CGROUP_ID, cgroup);
            String itsPath = cgroups.path(cgroup);
            if (itsPath != null) {
                record.cgroup(Detail.of(itsPath));
            }
        }
        if (data.getInt(at + RecordLayout.HAS_NAMESPACES) != 0) {
            record.namespaces(namespaces.of(data, at));
        }
    }

    private static long id(ByteBuffer data, int at) {
        return Integer.toUnsignedLong(data.getInt(at));
    }

    private TaskRecord exec(ByteBuffer data, int at, int tid, int pid) {
        begin(Kind.EXECUTED, data, at, tid, pid)
                .set(Fact.STACK_START, data.getLong(at + RecordLayout.STACK_START))
                .comm(Detail.of(text(data, at + RecordLayout.NAME, name)));
        int length = data.getInt(at + RecordLayout.ARGUMENTS_LENGTH);
        if (length > 0) {
            byte[] bytes = new byte[length];
            data.get(at + RecordLayout.EXEC_BYTES, bytes);
            Arguments arguments = Arguments.of(bytes, length);
            boolean isCut = data.getLong(at + RecordLayout.ARGUMENTS_TOTAL) > length;
            record.arguments(isCut ? Detail.cut(arguments) : Detail.of(arguments));
        }
        int names = at + RecordLayout.EXEC_BYTES + length;
        int executable = data.getInt(at + RecordLayout.EXECUTABLE_LENGTH);
        if (executable != RecordLayout.NO_PATH) {
            record.executable(path(data, names, at + RecordLayout.EXECUTABLE_LENGTH));
            names += executable;
        }
        if (data.getInt(at + RecordLayout.DIRECTORY_LENGTH) != RecordLayout.NO_PATH) {
            record.workingDirectory(path(data, names, at + RecordLayout.DIRECTORY_LENGTH));
        }
        return identity(data, at);
    }

    private static Detail<String> path(ByteBuffer data, int names, int field) {
        byte[] bytes = new byte[data.getInt(field)];
        data.get(names, bytes);
        return Detail.of(PathNames.path(bytes, data.getInt(field + RecordLayout.IS_DELETED) != 0));
    }

    private TaskRecord rename(ByteBuffer data, int at, int tid, int pid) {
        return begin(Kind.RENAMED, data, at, tid, pid)
                .comm(Detail.of(text(data, at + RecordLayout.NEW_NAME, name)));
    }

    private void free(ByteBuffer data, int at, int pid, TaskSink sink) {
        unreaped.reaped(pid, data.getLong(at + RecordLayout.START));
        begin(Kind.FREED, data, at, pid, pid);
        usage.add(record, data, at);
        sink.accept(record);
    }

    /// {@return a text that is ended by a NUL, or by the end of its field}
    ///
    /// @param buffer takes the field
    private static String text(ByteBuffer data, int at, byte[] buffer) {
        data.get(at, buffer);
        int length = 0;
        while (length < buffer.length && buffer[length] != 0) {
            length++;
        }
        return RawText.of(buffer, 0, length);
    }

    /// The EXIT of a first thread says nothing of its process, which ends with its last thread, see [Demand].
    /// While threads are on the table counts them; that the process ends is told all the same: the exit of
    /// its first thread may have been left out, when they were off.
    private void exit(ByteBuffer data, int at, int tid, int pid, TaskSink sink) {
        if (areThreadsOn) {
            begin(Kind.EXITED, data, at, tid, pid)
                    .set(Fact.STATUS, data.getInt(at + RecordLayout.STATUS));
            usage.add(record, data, at);
            sink.accept(record);
        }
        exitOfLast(data, at, pid, sink);
    }

    /// Records the end of a process, if this is a record of that. Its start is not that of the last thread.
    private void exitOfLast(ByteBuffer data, int at, int pid, TaskSink sink) {
        if (data.getInt(at + RecordLayout.KIND) == RecordLayout.EXIT
                && data.getInt(at + RecordLayout.IS_LAST) != 0) {
            long nanos = data.getLong(at + RecordLayout.TIME);
            boolean isFirst = data.getInt(at + RecordLayout.TID) == pid;
            unreaped.ended(
                    pid, nanos, isFirst ? data.getLong(at + RecordLayout.START) : Unreaped.UNKNOWN);
            if (!areThreadsOn || !isFirst) { // else it is told
                record.begin(Kind.EXITED, nanos, pid, pid)
                        .set(Fact.STATUS, data.getInt(at + RecordLayout.PROCESS_STATUS));
                usage.add(record, data, at);
                sink.accept(record);
            }
        }
    }
}
