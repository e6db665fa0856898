// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.watchers.forklimit;

import org.jspecify.annotations.Nullable;
import org.taskwatch.api.Errno;
import org.taskwatch.api.Task;
import org.taskwatch.api.Verdict;

import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/// A gated tree: its processes that are alive, and how many it may fork at once. Guarded by the lock of its
/// [Trees].
///
/// The rate is limited by a bucket of tokens. It holds those of one second, and is full at first. So in any
/// time of t seconds a tree makes at most `rate * (t + 1)` forks.
final class Tree {
    private static final double NANOS = TimeUnit.SECONDS.toNanos(1);

    /// Tasks are equal only to themselves. Those that are not born yet are among them.
    private final Set<Task> alive = new HashSet<>();

    /// Null while it was not seen.
    private @Nullable Task root;

    private double tokens = Integer.MAX_VALUE; // more than any rate: full
    private long filledNanos;

    Tree(long now) {
        filledNanos = now;
    }

    Verdict fork(Task unborn, Rule rule, long now) {
        if (rule.endsWithRoot() && root != null && hasEnded(root)) {
            return refuse("the root of this tree, process " + root.pid() + ", has ended");
        }
        if (alive.size() >= rule.alive()) {
            forgetEnded();
        }
        if (alive.size() >= rule.alive()) {
            return refuse(alive.size() + " processes alive in this tree, at most " + rule.alive());
        }
        if (!takesToken(rule.rate(), now)) {
            return refuse("this tree has made its " + rule.rate() + " forks a second");
        }
        alive.add(unborn);
        return Verdict.ALLOW;
    }

    private static Verdict refuse(String reason) {
        return Verdict.refuse(Errno.EAGAIN, reason);
    }

    private boolean takesToken(int rate, long now) {
        tokens = Math.min(rate, tokens + (now - filledNanos) / NANOS * rate);
        filledNanos = now;
        if (tokens < 1) {
            return false;
        }
        tokens--;
        return true;
    }

    void add(Task task, boolean isRoot) {
        if (isRoot) {
            root = task;
        }
        if (!task.isThread() && !hasEnded(task)) {
            alive.add(task);
        }
    }

    void remove(Task task) {
        alive.remove(task);
    }

    boolean isEmpty() {
        return alive.isEmpty();
    }

    /// Takes off those whose end was not told: because it was lost, or came before the first that was told.
    void forgetEnded() {
        alive.removeIf(Tree::hasEnded);
    }

    private static boolean hasEnded(Task task) {
        return task.isFreed() || task.exitStatus().isPresent();
    }
}
