// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.gate.impl;

import org.jspecify.annotations.Nullable;
import org.taskwatch.api.Capture;
import org.taskwatch.api.Loss;
import org.taskwatch.api.Task;
import org.taskwatch.api.TaskEvent;
import org.taskwatch.api.TaskNotification;
import org.taskwatch.api.Verdict;
import org.taskwatch.api.spi.Decision;
import org.taskwatch.api.spi.Interest;
import org.taskwatch.api.spi.TaskNotifier;

import java.util.Objects;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/// A core whose watchers answer as a test says.
final class FakeWatchers implements TaskNotifier, Interest {
    /// How many were asked.
    final AtomicInteger asked = new AtomicInteger();

    /// What is done with a question.
    volatile Asked watcher = (_, _, answer) -> answer.accept(Decision.ALLOWED);

    volatile boolean isWatched = true;

    /// What [TaskNotifier#ask] does.
    interface Asked {
        void ask(int forker, @Nullable Verdict late, Consumer<Decision> answer) throws Exception;
    }

    @Override
    public boolean ask(
            TaskNotification notification, @Nullable Verdict late, Consumer<Decision> answer) {
        asked.incrementAndGet();
        int forker = Objects.requireNonNull(notification.task().parent()).tid();
        try {
            watcher.ask(forker, late, answer);
        } catch (RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
        return true;
    }

    @Override
    public boolean isWatched(TaskEvent event) {
        return isWatched && event == TaskEvent.INIT;
    }

    @Override
    public Verdict notify(TaskNotification notification) {
        throw new UnsupportedOperationException("a gate asks");
    }

    @Override
    public Verdict notify(TaskEvent event, long value, Task task) {
        throw new UnsupportedOperationException("a gate asks");
    }

    @Override
    public void lost(Loss loss) {
        throw new UnsupportedOperationException("a gate loses nothing");
    }

    @Override
    public boolean isHurried(TaskEvent event) {
        return false;
    }

    @Override
    public Set<Capture> captures(TaskEvent event) {
        return Set.of();
    }

    @Override
    public boolean threads() {
        return false;
    }

    @Override
    public boolean threadEventsOff() {
        return true;
    }

    @Override
    public void threadEventsOn() {}

    @Override
    public void whenChanged(@Nullable Runnable listener) {}
}
