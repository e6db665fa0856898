// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.locals;

import org.jspecify.annotations.Nullable;
import org.taskwatch.api.Task;
import org.taskwatch.api.TaskLocal;

import java.util.List;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/// The values of one [TaskLocal], by task. Safe for all threads.
///
/// They lie beside the tasks, not in them: when the bundle goes, this map goes, and no task is left with an object of
/// the bundle's classes.
final class Values<T> implements TaskLocal<T> {
    private final Blueprint<T> blueprint;
    private final ConcurrentHashMap<Task, T> values = new ConcurrentHashMap<>();

    /// Set before the map is emptied for the last time. Who puts something there looks at this afterwards: so either
    /// the emptying finds it, or he sees this and takes it out himself.
    private volatile boolean isClosed;

    Values(Blueprint<T> blueprint) {
        this.blueprint = blueprint;
    }

    Blueprint<T> blueprint() {
        return blueprint;
    }

    @Override
    public String name() {
        return blueprint.name();
    }

    @Override
    public @Nullable T get(Task task) {
        return values.get(task);
    }

    @Override
    public void set(Task task, T value) {
        check(task);
        values.put(task, Objects.requireNonNull(value, "value"));
        checkOpen(task);
    }

    @Override
    public T getOrSet(Task task, Supplier<? extends T> first) {
        T known = values.get(task); // without the lock of computeIfAbsent
        if (known != null) {
            return known;
        }
        check(task);
        T value = values.computeIfAbsent(task, _ -> Objects.requireNonNull(first.get(), "value"));
        checkOpen(task);
        return value;
    }

    @Override
    public @Nullable T remove(Task task) {
        return values.remove(task);
    }

    private void check(Task task) {
        if (task.isThread() && !blueprint.ofThreads()) {
            throw new IllegalArgumentException(
                    "setting %s of %s: it was made for processes only, see TaskLocals.Builder.threads"
                            .formatted(name(), task));
        }
    }

    private void checkOpen(Task task) {
        if (isClosed) {
            values.remove(task);
            throw new IllegalStateException(
                    "setting %s of %s: its bundle has stopped, or has made another one of this name"
                            .formatted(name(), task));
        }
    }

    /// Gives a child what it inherits, unless it has a value.
    void inherit(Task child) {
        Task parent = child.parent();
        T value = parent == null ? null : values.get(parent);
        var made = blueprint.child();
        if (value != null && made != null && !values.containsKey(child)) {
            T its = made.apply(value, child);
            if (its != null) {
                values.putIfAbsent(child, its);
            }
        }
    }

    /// {@return how many there are}
    long count() {
        return values.mappingCount();
    }

    /// {@return the tasks that have one and are gone}
    List<Task> ofFreed() {
        return values.keySet().stream().filter(Task::isFreed).toList();
    }

    /// {@return the tasks that have one}
    List<Task> tasks() {
        return List.copyOf(values.keySet());
    }

    /// Takes all away, and lets no more in.
    void close() {
        isClosed = true;
        values.clear();
    }
}
