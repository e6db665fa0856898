// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.core;

import org.taskwatch.api.TaskNotification;
import org.taskwatch.api.TaskWatcher;
import org.taskwatch.api.Verdict;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/// A watcher that notes when it is used after its unload.
///
/// Entering adds to `inside` before it reads `unloaded`; whoever has unloaded it writes `unloaded`
/// before it reads `inside`. So a call that has not ended when the unload returns is noted by one of
/// the two, however they run.
final class Probe implements TaskWatcher {
    /// Long enough for an unload that does not wait to return during the call.
    private static final int SPINS = 100;

    /// What the watcher does in its call.
    private final Consumer<TaskNotification> work;

    private final AtomicInteger inside = new AtomicInteger();
    private final AtomicInteger calls = new AtomicInteger();

    /// Written by the thread that unloads, read by those that call.
    private volatile boolean unloaded;

    /// Written from false to true by any thread.
    private volatile boolean misused;

    Probe() {
        this(_ -> {});
    }

    Probe(Consumer<TaskNotification> work) {
        this.work = work;
    }

    @Override
    public Verdict notify(TaskNotification notification) {
        inside.incrementAndGet();
        if (unloaded) {
            misused = true;
        }
        calls.incrementAndGet();
        work.accept(notification);
        for (int i = 0; i < SPINS && !unloaded; i++) {
            Thread.onSpinWait();
        }
        inside.decrementAndGet();
        return Verdict.ALLOW;
    }

    /// To be called when the unload of the watcher has returned, by a thread that is in no call of it.
    void unloaded() {
        unloaded = true;
        if (inside.get() > 0) {
            misused = true;
        }
    }

    /// {@return how many calls have begun}
    int calls() {
        return calls.get();
    }

    /// {@return whether a call of another thread was running when the unload had returned, or began
    /// later}
    boolean isMisused() {
        return misused;
    }
}
