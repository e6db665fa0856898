// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.tasks.table;

import org.taskwatch.api.TaskEvent;
import org.taskwatch.api.TaskNotification.Origin;
import org.taskwatch.source.TaskRecord;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.IntPredicate;

/// Applies execs: one ends all other threads of its process. For the pump thread only.
final class Execs {
    private final Births births;
    private final Endings endings;
    private final Reporter reporter;

    Execs(Births births, Endings endings, Reporter reporter) {
        this.births = births;
        this.endings = endings;
        this.reporter = reporter;
    }

    /// Applies an EXECUTED.
    ///
    /// @param record the record
    /// @param hasExecutedAgain as in [Births#program]
    void apply(TaskRecord record, IntPredicate hasExecutedAgain) {
        // The thread that executes becomes the first of its process and takes its tid: after
        // success it is the only one left. The kernel reports the exits of the others before, but
        // not the end of the tid that the thread had.
        long nanos = record.nanos();
        LinuxTask process = births.ensureKnown(nanos, record.pid(), record.pid());
        if (nanos <= process.repaired.exec()) {
            return;
        }
        List<LinuxTask> ended = endedByExec(process, nanos);
        process.lateExits = lateExits(process, ended);
        ended.forEach(thread -> endings.end(thread, nanos, Origin.OBSERVED));
        process.isLeaderGone = false;
        process.clearStatus();
        process.state(LinuxTask.State.ALIVE);
        births.program(process, record, hasExecutedAgain);
        reporter.tell(TaskEvent.EXEC, 0, process, nanos, Origin.OBSERVED);
    }

    // A thread that /proc has shown later was born after the exec, which was still to be read.
    private static List<LinuxTask> endedByExec(LinuxTask process, long nanos) {
        if (process.threads().isEmpty()) { // as nearly always
            return List.of();
        }
        return process.threads().stream()
                .filter(thread -> thread.repaired.shown() < nanos)
                .toList();
    }

    // With other threads, the first one may have executed itself, or be one of those that the exec
    // has ended: its EXIT may still be read, unless it was.
    private static LateExits lateExits(LinuxTask process, List<LinuxTask> ended) {
        if (ended.isEmpty()) {
            return LateExits.NONE;
        }
        Set<Integer> tids = new HashSet<>();
        ended.forEach(thread -> tids.add(thread.tid()));
        if (!process.isLeaderGone) {
            tids.add(process.tid());
        }
        return new LateExits(process.tid(), tids);
    }
}
