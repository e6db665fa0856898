// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.locals;

import org.jspecify.annotations.NullUnmarked;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.taskwatch.api.Task;
import org.taskwatch.core.Work;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/// What a value costs that a watcher keeps with a task, where so many tasks have one. Each is of another task than the
/// one before, in no order.
@NullUnmarked // JMH fills in the fields
@State(Scope.Benchmark)
public class LocalBenchmark {
    private static final int TASKS = 1 << 12;

    private final Values<String> values = new Values<>(Blueprint.of("value"));
    private Task[] with;
    private Task[] without;
    private int next;

    /// Made by JMH.
    public LocalBenchmark() {}

    /// Makes the tasks, and gives half of them a value.
    @Setup
    public void fill() {
        with = tasks();
        without = tasks();
        for (Task task : with) {
            values.set(task, "one");
        }
    }

    private static Task[] tasks() {
        List<Task> tasks = new ArrayList<>();
        for (int i = 0; i < TASKS; i++) {
            tasks.add(Work.event().task());
        }
        Collections.shuffle(tasks, new Random(1));
        return tasks.toArray(Task[]::new);
    }

    /// Reads the value of a task that has none.
    ///
    /// @return so that it is computed
    @Benchmark
    public String localAbsent() {
        return values.get(any(without));
    }

    /// Reads one.
    ///
    /// @return so that it is computed
    @Benchmark
    public String localPresent() {
        return values.get(any(with));
    }

    /// Sets another one.
    @Benchmark
    public void localSet() {
        values.set(any(with), "other");
    }

    /// A task gets one, and is gone.
    ///
    /// @return so that it is computed
    @Benchmark
    public String localLife() {
        Task task = any(without);
        values.set(task, "short");
        return values.remove(task);
    }

    private Task any(Task[] tasks) {
        next = (next + 1) & (TASKS - 1);
        return tasks[next];
    }
}
