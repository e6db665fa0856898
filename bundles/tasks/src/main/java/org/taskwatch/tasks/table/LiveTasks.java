// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.tasks.table;

import org.jspecify.annotations.Nullable;
import org.taskwatch.api.Task;
import org.taskwatch.api.TaskNotification;
import org.taskwatch.api.tool.TaskTable;
import org.taskwatch.tasks.detail.DetailBudget;

import java.util.AbstractCollection;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Consumer;
import java.util.function.Supplier;

/// The task table: the tasks that are not freed, by tid. Written by the pump thread only, read by
/// all.
public final class LiveTasks implements TaskTable {
    private final DetailBudget budget;
    private final Runnable whenAsked;
    private final Collection<Task> view = new View();

    private final TaskPages byTid = new TaskPages();

    /// What is to be done between two events, in order, with what a snapshot tells. Filled by any thread, emptied by the
    /// pump.
    private final Queue<Consumer<Supplier<List<TaskNotification>>>> requests =
            new ConcurrentLinkedQueue<>();

    /// Makes an empty one.
    ///
    /// @param budget of the details of its tasks
    /// @param whenAsked is run by each thread that asks for a snapshot
    public LiveTasks(DetailBudget budget, Runnable whenAsked) {
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
    public void snapshot(Consumer<List<TaskNotification>> receiver) {
        requests.add(existing -> receiver.accept(existing.get()));
        whenAsked.run();
    }

    /// Does something between two events, as [#snapshot], on the thread that reports them. Never if no further event is
    /// reported.
    void betweenEvents(Runnable action) {
        requests.add(_ -> action.run());
        whenAsked.run();
    }

    /// {@return whether somebody asks for something}
    public boolean hasRequest() {
        return !requests.isEmpty();
    }

    /// {@return what was asked for first; it is given what a snapshot tells}
    public Consumer<Supplier<List<TaskNotification>>> nextRequest() {
        return requests.remove();
    }

    /// {@return all tasks; some may be added and removed by who goes through them}
    Iterable<LinuxTask> all() {
        return byTid;
    }

    /// {@return all tasks, parents before their children and processes before their threads; a new list}
    public List<LinuxTask> oldestFirst() {
        List<LinuxTask> sorted = new ArrayList<>();
        byTid.forEach(sorted::add);
        sorted.sort(
                Comparator.<LinuxTask>comparingLong(task -> task.birth().startNanos())
                        .thenComparing(LinuxTask::isThread)
                        .thenComparingInt(LinuxTask::tid));
        return sorted;
    }

    /// Takes a task in; a thread becomes one of its process.
    void add(LinuxTask task) {
        byTid.put(task);
        task.enter(budget);
        LinuxTask process = processOf(task);
        if (process != null) {
            process.addThread(task);
        }
    }

    /// Lets a task go. Its details can still be read, until [LinuxTask#leave].
    void remove(LinuxTask task) {
        byTid.remove(task);
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

    /// The tasks as others see them: they change nothing.
    private final class View extends AbstractCollection<Task> {
        @Override
        public Iterator<Task> iterator() {
            Iterator<LinuxTask> all = byTid.iterator();
            return new Iterator<>() {
                @Override
                public boolean hasNext() {
                    return all.hasNext();
                }

                @Override
                public Task next() {
                    return all.next();
                }
            };
        }

        @Override
        public int size() {
            return byTid.size();
        }
    }
}
