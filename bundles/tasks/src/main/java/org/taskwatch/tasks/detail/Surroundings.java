// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.tasks.detail;

import org.taskwatch.api.Capture;
import org.taskwatch.api.Cgroup;
import org.taskwatch.api.Detail;
import org.taskwatch.api.Detail.Reason;
import org.taskwatch.source.Fact;
import org.taskwatch.source.TaskRecord;
import org.taskwatch.tasks.procfs.CgroupFile;
import org.taskwatch.tasks.procfs.ProcFs;

import java.util.Map;
import java.util.Set;

/// The details around the program of a task, which may change without an event. Immutable.
///
/// @param workingDirectory the path
/// @param namespaces the ids by type
/// @param cgroup the control group
/// @param loginUid who has logged in
public record Surroundings(
        Detail<String> workingDirectory,
        Detail<Map<String, Long>> namespaces,
        Detail<Cgroup> cgroup,
        Detail<Integer> loginUid) {

    /// What they consist of.
    public static final Set<Capture> CAPTURES =
            Set.of(Capture.CWD, Capture.NAMESPACES, Capture.CGROUP, Capture.LOGIN);

    /// As the kernel has it if nobody has logged in: (uid_t) -1.
    private static final long NO_LOGIN = 0xffff_ffffL;

    private static final int NAMESPACES_BYTES = 1000; // of a map with some eight entries

    static final Surroundings NOT_READ = unknown(Reason.NOT_READ);

    static Surroundings unknown(Reason reason) {
        return new Surroundings(
                Detail.unknown(reason),
                Detail.unknown(reason),
                Detail.unknown(reason),
                Detail.unknown(reason));
    }

    /// Reads what is wanted, in the order in which it vanishes when the task exits. What can't be read
    /// any more stays what it was when it was last read.
    ///
    /// @param proc shows it
    /// @param tid of the task
    /// @param wanted what is to be read
    /// @param limit how many bytes of a path are kept at most
    /// @return these with what was read
    public Surroundings read(ProcFs proc, int tid, Set<Capture> wanted, int limit) {
        return new Surroundings(
                wanted.contains(Capture.CWD)
                        ? latest(workingDirectory, proc.workingDirectory(tid, limit))
                        : workingDirectory,
                wanted.contains(Capture.NAMESPACES)
                        ? latest(namespaces, proc.namespaces(tid))
                        : namespaces,
                wanted.contains(Capture.CGROUP) ? latest(cgroup, proc.cgroup(tid, limit)) : cgroup,
                wanted.contains(Capture.LOGIN) ? latest(loginUid, proc.loginUid(tid)) : loginUid);
    }

    /// {@return these with what a record brings}
    ///
    /// @param record the record
    /// @param limit how many bytes of a path are kept at most
    Surroundings with(TaskRecord record, int limit) {
        Detail<String> directory = record.workingDirectory();
        Detail<String> group = record.cgroup();
        return new Surroundings(
                directory == null ? workingDirectory : TextBounds.beginning(directory, limit),
                record.namespaces() == null ? namespaces : record.namespaces(),
                group == null ? cgroup : cgroup(group, limit),
                record.has(Fact.LOGIN_UID) ? login(record.get(Fact.LOGIN_UID)) : loginUid);
    }

    private static Detail<Cgroup> cgroup(Detail<String> path, int limit) {
        return switch (path) {
            case Detail.Known<String>(String known) -> CgroupFile.ofPath(known).cgroup(limit);
            case Detail.Cut<String>(String known) ->
                    Detail.cut(CgroupFile.ofPath(known).cgroup(limit).value().orElseThrow());
            case Detail.Unknown<String>(Reason reason) -> Detail.unknown(reason);
        };
    }

    private static Detail<Integer> login(long uid) {
        return uid == NO_LOGIN ? Detail.unknown(Reason.NONE) : Detail.of((int) uid);
    }

    /// {@return the same with paths of so many bytes at most, and without namespaces}
    Surroundings beginning(int limit) {
        return new Surroundings(
                TextBounds.beginning(workingDirectory, limit),
                namespaces.value().isPresent() ? Detail.unknown(Reason.GONE) : namespaces,
                TextBounds.beginningOfPath(cgroup, limit),
                loginUid);
    }

    /// {@return about how many bytes of memory these hold}
    public int heapBytes() {
        return TextBounds.heapBytes(workingDirectory)
                + TextBounds.heapBytesOfPath(cgroup)
                + (namespaces.value().isPresent() ? NAMESPACES_BYTES : 0);
    }

    private static <T> Detail<T> latest(Detail<T> before, Detail<T> now) {
        return now instanceof Detail.Unknown<T>(Reason reason)
                        && reason == Reason.GONE
                        && !(before instanceof Detail.Unknown)
                ? before
                : now;
    }
}
