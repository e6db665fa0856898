// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.tasks;

import org.osgi.annotation.versioning.ProviderType;
import org.taskwatch.api.Gate;

/// Makes the unborn tasks of gated trees, and finds out what becomes of them. An OSGi service, there while
/// the table is filled. Safe for all threads.
@ProviderType
public interface Forks {
    /// The process at the root of a gate has it as its gate from now on, if the table has it within some 100 ms, and so
    /// has what it makes from then on.
    ///
    /// @param gate the gate
    /// @param isTakenOver whether what has descended from it by now has it too: children that a fresh root had before
    ///     have no filter
    void opened(Gate gate, boolean isTakenOver);

    /// A thread of a gated tree is about to fork. If the table does not have it yet, waits up to 50 ms until
    /// the table has what has happened before.
    ///
    /// @param gate the gate of the tree
    /// @param tid the thread that forks
    /// @param flags the flags of `clone(2)`
    /// @param nanos when it has asked, by [System#nanoTime]
    /// @return the fork, with a task that is unborn
    Fork begin(Gate gate, int tid, long flags, long nanos);

    /// A gate is closed: nothing begins in it any more. What becomes of forks that were allowed is found out as
    /// ever: when the last task of a tree ends, the births of the last ones may not have been read.
    ///
    /// @param gate the gate
    void closed(Gate gate);
}
