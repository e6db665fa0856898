// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.watchers.forklimit;

import org.jspecify.annotations.Nullable;
import org.taskwatch.api.Gate;
import org.taskwatch.api.Task;
import org.taskwatch.api.Verdict;

import java.util.HashMap;
import java.util.Map;
import java.util.function.LongSupplier;

/// The gated trees of which processes are alive. Safe for all threads; one lock for all, held for some
/// microseconds, where a limit is reached for a look at each process of that tree.
///
/// A process is counted from the INIT that was allowed to its EXIT or FREE, whichever comes first. Its CLONE
/// counts too, once: it may be that nobody was asked. The root of a tree has neither, so it is counted when
/// its tree is seen first.
final class Trees {
    private final LongSupplier nanos;

    /// By the number of the gate. Guarded by this.
    private final Map<Long, Tree> trees = new HashMap<>();

    /// Has none at first.
    ///
    /// @param nanos the time, as [System#nanoTime]
    Trees(LongSupplier nanos) {
        this.nanos = nanos;
    }

    /// {@return whether a fork may happen; if so, its task is counted from now on}
    synchronized Verdict fork(Task unborn, Gate gate, Rule rule) {
        return tree(gate, unborn).fork(unborn, rule, nanos.getAsLong());
    }

    /// A process is there.
    synchronized void born(Task task) {
        Gate gate = task.gate();
        if (gate != null) {
            tree(gate, task).add(task, task.pid() == gate.pid());
        }
    }

    /// A process has ended, or a fork has come to nothing.
    synchronized void ended(Task task) {
        Gate gate = task.gate();
        Tree tree = gate == null ? null : trees.get(gate.id());
        if (gate != null && tree != null) {
            tree.remove(task);
            if (tree.isEmpty()) {
                trees.remove(gate.id());
            }
        }
    }

    synchronized int size() {
        return trees.size();
    }

    private Tree tree(Gate gate, Task member) {
        Tree known = trees.get(gate.id());
        if (known != null) {
            return known;
        }
        forgetGone();
        Tree tree = new Tree(nanos.getAsLong());
        for (Task t = member.parent(); t != null && isIn(gate, t.gate()); t = t.parent()) {
            tree.add(t, t.pid() == gate.pid());
        }
        trees.put(gate.id(), tree);
        return tree;
    }

    private static boolean isIn(Gate gate, @Nullable Gate other) {
        return other != null && other.id() == gate.id();
    }

    /// A tree whose last event was lost would stay for ever.
    private void forgetGone() {
        trees.values().forEach(Tree::forgetEnded);
        trees.values().removeIf(Tree::isEmpty);
    }
}
