// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.tasks.table;

import org.jspecify.annotations.Nullable;
import org.taskwatch.api.Task;
import org.taskwatch.api.TaskNotification;
import org.taskwatch.api.tool.TaskTable;

import java.util.AbstractCollection;
import java.util.Collection;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Consumer;

/// The task table: the tasks that are not freed, by tid. Written by the pump thread only, read by
/// all.
///
/// A hash table never becomes smaller, and going through it costs as much as its size, whatever is in
/// it. So one that a burst has made large is replaced by a copy once few tasks are left. Who goes
/// through the old one meanwhile sees the tasks of that moment.
final class LiveTasks implements TaskTable {
    /// The map is copied when it has been larger than this, and by this factor larger than it is.
    private static final int LARGE = 4_096;

    private static final int MUCH = 8;

    private final DetailBudget budget;
    private final Runnable whenAsked;
    private final Collection<Task> view = new View();

    // The pump thread replaces it, and changes what is in it.
    private volatile Map<Integer, LinuxTask> byTid = new ConcurrentHashMap<>();

    /// How many tasks the map has held at most; the pump thread's own.
    private int largest;

    /// The requests to join, in order. Filled by any thread, emptied by the pump.
    private final Queue<Consumer<List<TaskNotification>>> joiners = new ConcurrentLinkedQueue<>();

    /// Makes an empty one.
    ///
    /// @param budget of the details of its tasks
    /// @param whenAsked is run by each thread that asks to join
    LiveTasks(DetailBudget budget, Runnable whenAsked) {
        this.budget = budget;
        this.whenAsked = whenAsked;
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
    public void snapshot(Consumer<List<TaskNotification>> joiner) {
        joiners.add(joiner);
        whenAsked.run();
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
        largest = Math.max(largest, byTid.size());
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
        shrink();
    }

    private void shrink() {
        if (largest > LARGE && byTid.size() < largest / MUCH) {
            byTid = new ConcurrentHashMap<>(byTid);
            largest = byTid.size();
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

    /// What is in the map of the moment.
    private final class View extends AbstractCollection<Task> {
        @Override
        public Iterator<Task> iterator() {
            return Collections.<Task>unmodifiableCollection(byTid.values()).iterator();
        }

        @Override
        public int size() {
            return byTid.size();
        }
    }
}
