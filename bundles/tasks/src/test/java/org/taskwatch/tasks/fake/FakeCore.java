// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.tasks.fake;

import com.google.errorprone.annotations.concurrent.GuardedBy;

import org.jspecify.annotations.Nullable;
import org.taskwatch.api.Loss;
import org.taskwatch.api.Task;
import org.taskwatch.api.TaskEvent;
import org.taskwatch.api.TaskNotification;
import org.taskwatch.api.TaskNotification.Origin;
import org.taskwatch.api.Verdict;
import org.taskwatch.api.spi.Decision;
import org.taskwatch.api.spi.TaskNotifier;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/// Keeps what it is told, as lines: `EXIT 7 0`, and `repaired EXIT 7 -1` for what was repaired.
public final class FakeCore implements TaskNotifier {
    @GuardedBy("this")
    private final List<TaskNotification> notifications = new ArrayList<>();

    @GuardedBy("this")
    private final List<String> lines = new ArrayList<>();

    public volatile Runnable failing = () -> {};
    public volatile boolean isInterrupting;

    @Override
    public Verdict notify(TaskNotification notification) {
        failing.run();
        if (isInterrupting) {
            Thread.currentThread().interrupt();
        }
        keep(notification);
        return Verdict.ALLOW;
    }

    private synchronized void keep(TaskNotification notification) {
        notifications.add(notification);
        lines.add(
                (notification.origin() == Origin.REPAIRED ? "repaired " : "")
                        + notification.event()
                        + " "
                        + notification.task().tid()
                        + " "
                        + notification.value());
    }

    @Override
    public Verdict notify(TaskEvent event, long value, Task task) {
        throw new UnsupportedOperationException("the pump does not raise events");
    }

    @Override
    public boolean ask(
            TaskNotification notification, @Nullable Verdict late, Consumer<Decision> answer) {
        answer.accept(new Decision(notify(notification), "", false));
        return true;
    }

    @Override
    public synchronized void lost(Loss loss) {
        lines.add("lost " + loss.count());
    }

    /// {@return what was told until now}
    public synchronized List<TaskNotification> notifications() {
        return List.copyOf(notifications);
    }

    /// {@return the same, and losses, as lines}
    public synchronized List<String> lines() {
        return List.copyOf(lines);
    }

    /// {@return what was told since the last call}
    public synchronized List<String> takeLines() {
        List<String> taken = new ArrayList<>(lines);
        lines.clear();
        return taken;
    }
}
