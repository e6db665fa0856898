// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.tasks;

import org.osgi.annotation.versioning.ProviderType;
import org.taskwatch.api.TaskNotification;

/// One fork of a gated tree, from the question to the child or to its end without one. Each of its tasks is
/// told CLONE or FREE once. Safe for all threads.
@ProviderType
public interface Fork {
    /// {@return what to ask the watchers with: the INIT of the unborn task}
    TaskNotification init();

    /// It was allowed, and may happen from now on: to be called before the answer goes to the kernel. Its
    /// child, or that there is none, is found out. Called again if the kernel has restarted the fork.
    void allowed();

    /// {@return whether it was allowed and has neither a child nor failed} If neither is known, and the source can't
    /// tell, waits up to 5 ms until the table has what has happened before; if that can't be had in time, it is taken
    /// for over. Where the source tells, one that has failed is open until the table knows.
    boolean isOpen();

    /// It does not happen: tells the FREE of its task, unless that was told.
    ///
    /// @param errno what the forker is answered, -1 if it gets no answer
    /// @param cause as [TaskNotification#cause]
    void ended(int errno, String cause);
}
