// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.tasks.table;

import java.util.Collection;
import java.util.HashSet;
import java.util.Set;

/// The tids of a process whose EXIT may still be read, though it is not of the task that has the tid now, or
/// was reported already. Few processes ever have any. For the pump thread only.
///
/// The kernel lets an exec of a thread, and the reaping of a task, go on just before the exiting
/// task reports its EXIT (`do_exit`: `exit_notify`, then `proc_exit_connector`). So these may come
/// after the EXEC that they made room for, or after the CLONE of the next task with that tid.
final class LateExits {
    static final LateExits NONE = new LateExits(0, Set.of());

    private final int pid;
    private final Set<Integer> tids;

    LateExits(int pid, Collection<Integer> tids) {
        this.pid = pid;
        this.tids = new HashSet<>(tids);
    }

    /// Takes note of an EXIT with a tid of the process.
    ///
    /// @return whether it may be a late one
    boolean take(int tid) {
        boolean isLate = tids.remove(tid);
        // The first thread has executed itself if the exits of all others have come.
        if (isLate && tids.equals(Set.of(pid))) {
            tids.clear();
        }
        return isLate;
    }

    /// A thread was born: the next EXIT with its tid is its own.
    void forget(int born) {
        tids.remove(born);
    }
}
