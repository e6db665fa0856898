// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.core.filter;

import org.jspecify.annotations.Nullable;
import org.taskwatch.api.Task;

import java.util.AbstractCollection;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.function.Function;

/// Something of each ancestor of a task, the nearest first. Looked up by who iterates.
///
/// @param <T> the type of it
final class Ancestry<T> extends AbstractCollection<T> {
    /// So many generations are looked at: a user could make a chain as long as there are pids, and it would
    /// be gone through at each event.
    static final int MOST = 1_000;

    private final Task task;
    private final Function<Task, T> what;

    Ancestry(Task task, Function<Task, T> what) {
        this.task = task;
        this.what = what;
    }

    @Override
    public Iterator<T> iterator() {
        return new Iterator<>() {
            private @Nullable Task next = task.parent();
            private int generations;

            @Override
            public boolean hasNext() {
                return next != null && generations < MOST;
            }

            @Override
            public T next() {
                Task ancestor = next;
                if (ancestor == null || !hasNext()) {
                    throw new NoSuchElementException();
                }
                generations++;
                next = ancestor.parent();
                return what.apply(ancestor);
            }
        };
    }

    @Override
    public int size() {
        int size = 0;
        for (Iterator<T> all = iterator(); all.hasNext(); all.next()) {
            size++;
        }
        return size;
    }
}
