// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.tasks.fake;

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
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/// Keeps what it is told, as lines: `EXIT 7 0`, and `repaired EXIT 7 -1` for what was repaired.
public final class FakeCore implements TaskNotifier {
    public final List<TaskNotification> notifications = new CopyOnWriteArrayList<>();
    private final List<String> lines = new CopyOnWriteArrayList<>();
    public volatile Runnable failing = () -> {};
    public volatile boolean isInterrupting;

    @Override
    public Verdict notify(TaskNotification notification) {
        failing.run();
        if (isInterrupting) {
            Thread.currentThread().interrupt();
        }
        notifications.add(notification);
        lines.add(
                (notification.origin() == Origin.REPAIRED ? "repaired " : "")
                        + notification.event()
                        + " "
                        + notification.task().tid()
                        + " "
                        + notification.value());
        return Verdict.ALLOW;
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
    public void lost(Loss loss) {
        lines.add("lost " + loss.count());
    }

    public List<String> lines() {
        return lines;
    }

    /// {@return what was told since the last call}
    public List<String> takeLines() {
        List<String> taken = new ArrayList<>(lines);
        lines.clear();
        return taken;
    }
}
