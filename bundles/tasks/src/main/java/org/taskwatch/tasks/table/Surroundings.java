// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.tasks.table;

import org.taskwatch.api.Capture;
import org.taskwatch.api.Cgroup;
import org.taskwatch.api.Detail;
import org.taskwatch.api.Detail.Reason;
import org.taskwatch.tasks.procfs.ProcFs;

import java.util.Map;
import java.util.Set;

/// The details around the program of a task, which may change without an event. Immutable.
record Surroundings(
        Detail<String> workingDirectory,
        Detail<Map<String, Long>> namespaces,
        Detail<Cgroup> cgroup,
        Detail<Integer> loginUid) {

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
    /// @param limit how many bytes of a path are kept at most
    Surroundings read(ProcFs proc, int tid, Set<Capture> wanted, int limit) {
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

    /// {@return the same with paths of so many bytes at most, and without namespaces}
    Surroundings beginning(int limit) {
        return new Surroundings(
                TextBounds.beginning(workingDirectory, limit),
                namespaces.value().isPresent() ? Detail.unknown(Reason.GONE) : namespaces,
                TextBounds.beginningOfPath(cgroup, limit),
                loginUid);
    }

    /// {@return about how many bytes of memory these hold}
    int heapBytes() {
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
