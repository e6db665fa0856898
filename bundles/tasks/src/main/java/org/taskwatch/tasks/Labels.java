// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.tasks;

import org.osgi.annotation.versioning.ProviderType;
import org.taskwatch.api.Task;

import java.util.Collection;
import java.util.function.Predicate;

/// Labels processes. What has a label, and all that descends from it from then on, has it in
/// [org.taskwatch.api.TaskDetails#labels] at each event. An OSGi service, there while the table is filled. Safe for all
/// threads.
@ProviderType
public interface Labels {
    /// Changes the labels of a process and of its threads: at once if the thread that reports events calls, else
    /// between two events, after those that have happened before, and returns when that is done.
    ///
    /// @param pid the process
    /// @param set labels that it has from now on, in place of those with the same keys
    /// @param removed keys of labels that it has no more; of those that it has not, nothing is said
    /// @throws IllegalArgumentException if there is no such process, or it would have more than [Label#MOST]
    /// @throws IllegalStateException if it could not be done within some seconds, as no events are reported
    /// @throws InterruptedException if the thread is interrupted while it waits; it may be done all the same
    default void change(int pid, Collection<Label> set, Collection<String> removed)
            throws InterruptedException {
        changeIf(pid, _ -> true, set, removed);
    }

    /// Does so if the process is as the caller wants it at that moment.
    ///
    /// @param pid the process
    /// @param isRight says whether to change it; called by the thread that reports events, which waits for it
    /// @param set as for [#change]
    /// @param removed likewise
    /// @throws IllegalArgumentException as [#change]
    /// @throws IllegalStateException as [#change]
    /// @throws InterruptedException as [#change]
    void changeIf(
            int pid, Predicate<Task> isRight, Collection<Label> set, Collection<String> removed)
            throws InterruptedException;
}
