// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.gate.impl;

import org.taskwatch.api.Gate;
import org.taskwatch.api.TaskEvent;
import org.taskwatch.api.TaskNotification;
import org.taskwatch.tasks.Fork;
import org.taskwatch.tasks.Forks;
import org.taskwatch.testing.FakeTask;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/// Keeps what it is told, as lines: `opened 10`, `7 allowed`, `7 ended 11 refused by X`.
final class FakeForks implements Forks {
    private final List<String> lines = new CopyOnWriteArrayList<>();

    /// Whether forks that were allowed have no child yet.
    volatile boolean isOpen = true;

    /// Is run when a fork is allowed.
    volatile Runnable whenAllowed = () -> {};

    /// Is run when a fork has ended.
    volatile Runnable whenEnded = () -> {};

    /// Whether it fails.
    volatile boolean isBroken;

    List<String> lines() {
        return List.copyOf(lines);
    }

    @Override
    public void opened(Gate gate, boolean isTakenOver) {
        lines.add("opened " + gate.pid());
    }

    @Override
    public Fork begin(Gate gate, int tid, long flags, long nanos) {
        failIfBroken();
        TaskNotification init =
                FakeTask.process(0, FakeTask.process(tid, null)).now(TaskEvent.INIT, flags);
        return new Fork() {
            @Override
            public TaskNotification init() {
                return init;
            }

            @Override
            public void allowed() {
                lines.add(tid + " allowed");
                whenAllowed.run();
                failIfBroken();
            }

            @Override
            public boolean isOpen() {
                return isOpen;
            }

            @Override
            public void ended(int errno, String cause) {
                whenEnded.run();
                lines.add(tid + " ended " + errno + " " + cause);
                failIfBroken();
            }
        };
    }

    private void failIfBroken() {
        if (isBroken) {
            throw new IllegalStateException("on purpose");
        }
    }

    @Override
    public void closed(Gate gate) {
        lines.add("closed " + gate.pid());
    }
}
