// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.tasks.table;

import org.taskwatch.api.Detail;
import org.taskwatch.api.Detail.Reason;
import org.taskwatch.api.Task;
import org.taskwatch.linux.proc.ProcStat;
import org.taskwatch.tasks.procfs.ProcFs;

/// Looks up which task the kernel now has as the parent of a task. No source reports when the
/// kernel gives the children of an exiting process to another, so it is asked each time. Safe for
/// all threads.
final class KernelParents {
    private final LiveTasks tasks;
    private final ProcFs proc;

    KernelParents(LiveTasks tasks, ProcFs proc) {
        this.tasks = tasks;
        this.proc = proc;
    }

    Detail<Task> of(LinuxTask task) {
        if (task.pid() == 0) {
            return Detail.unknown(Reason.NOT_READ); // unborn
        }
        LinuxTask process = task.isThread() ? tasks.processOf(task) : task;
        ProcStat stat = proc.stat(task.pid());
        if (task.isFreed() || process == null || stat == null || !process.isStartedAt(stat)) {
            return Detail.unknown(Reason.GONE);
        }
        if (stat.parentPid() == 0) {
            return Detail.unknown(Reason.NONE);
        }
        LinuxTask parent = tasks.task(stat.parentPid());
        return parent == null ? Detail.unknown(Reason.NOT_READ) : Detail.of(parent);
    }
}
