// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.tasks.table;

import org.jspecify.annotations.Nullable;
import org.taskwatch.api.Task;
import org.taskwatch.api.TaskNotification;
import org.taskwatch.api.TaskTable;

import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Consumer;

/// The task table: the tasks that are not freed, by tid. Written by the pump thread only, read by
/// all.
final class LiveTasks implements TaskTable {
    private final ConcurrentHashMap<Integer, LinuxTask> byTid = new ConcurrentHashMap<>();
    private final Collection<Task> view = Collections.unmodifiableCollection(byTid.values());
    private final DetailBudget budget;

    /// The requests to join, in order. Filled by any thread, emptied by the pump.
    private final Queue<Consumer<List<TaskNotification>>> joiners = new ConcurrentLinkedQueue<>();

    LiveTasks(DetailBudget budget) {
        this.budget = budget;
    }

    @Override
    public @Nullable LinuxTask task(int tid) {
        return byTid.get(tid);
    }

    @Override
    public Collection<Task> tasks() {
        return view;
    }

    @Override
    public void join(Consumer<List<TaskNotification>> joiner) {
        joiners.add(joiner);
    }

    /// {@return whether somebody asks to join}
    boolean hasJoiner() {
        return !joiners.isEmpty();
    }

    /// {@return the joiner that has asked first}
    Consumer<List<TaskNotification>> nextJoiner() {
        return joiners.remove();
    }

    Iterable<LinuxTask> all() {
        return byTid.values();
    }

    /// Takes a task in; a thread becomes one of its process.
    void add(LinuxTask task) {
        byTid.put(task.tid(), task);
        task.enter(budget);
        LinuxTask process = processOf(task);
        if (process != null) {
            process.addThread(task);
        }
    }

    /// Lets a task go. Its details can still be read, until [LinuxTask#leave].
    void remove(LinuxTask task) {
        byTid.remove(task.tid(), task);
        LinuxTask process = processOf(task);
        if (process != null) {
            process.removeThread(task);
        }
    }

    /// {@return whether this very task is in the table}
    boolean holds(LinuxTask task) {
        return byTid.get(task.tid()) == task;
    }

    /// {@return the process of a thread, null for a process and if the process is not in the table}
    @Nullable LinuxTask processOf(LinuxTask task) {
        return task.isThread() ? byTid.get(task.pid()) : null;
    }
}
