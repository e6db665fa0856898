// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.shell;

import com.google.errorprone.annotations.concurrent.GuardedBy;

import org.taskwatch.api.Task;

import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/// Bounds how many processes ordinary users label: each such process may have labels of its own, while those that it forks
/// share them. Safe for all threads.
final class LabelQuota {
    /// Of one user at a time, and of all.
    static final int MOST_OF_USER = 256;

    static final int MOST_OF_ALL = 4_096;

    @GuardedBy("this")
    private final Map<Integer, Set<Task>> labelled = new HashMap<>();

    /// A user labels a process.
    ///
    /// @return whether he may
    synchronized boolean enter(int uid, Task process) {
        labelled.values().forEach(all -> all.removeIf(Task::isFreed));
        labelled.values().removeIf(Set::isEmpty);
        Set<Task> his = labelled.getOrDefault(uid, Set.of());
        int count = labelled.values().stream().mapToInt(Collection::size).sum();
        if (!his.contains(process) && (his.size() >= MOST_OF_USER || count >= MOST_OF_ALL)) {
            return false;
        }
        labelled.computeIfAbsent(uid, _ -> new HashSet<>()).add(process);
        return true;
    }
}
