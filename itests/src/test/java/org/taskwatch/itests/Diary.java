// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.itests;

import org.taskwatch.api.Loss;
import org.taskwatch.api.Task;
import org.taskwatch.api.TaskEvent;
import org.taskwatch.api.TaskNotification;
import org.taskwatch.api.TaskWatcher;
import org.taskwatch.api.Verdict;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Predicate;

/// Keeps all that it is told, in order. Written by the lane, read by the test.
final class Diary implements TaskWatcher {
    private final Queue<TaskNotification> told = new ConcurrentLinkedQueue<>();
    private final Queue<Loss> losses = new ConcurrentLinkedQueue<>();

    @Override
    public Verdict notify(TaskNotification notification) {
        told.add(notification);
        return Verdict.ALLOW;
    }

    @Override
    public void lost(Loss loss) {
        losses.add(loss);
    }

    Queue<Loss> losses() {
        return losses;
    }

    /// {@return what was told of all tasks with a tid, as `CLONE`, `EXEC`, `EXIT 768`}
    List<String> life(int tid) {
        return told.stream().filter(n -> n.task().tid() == tid).map(Diary::text).toList();
    }

    /// {@return the value of the last event of a kind that was told of a tid}
    long value(int tid, TaskEvent event) {
        return told.stream()
                .filter(n -> n.task().tid() == tid && n.event() == event)
                .toList()
                .getLast()
                .value();
    }

    /// {@return the tasks that have had a tid, the oldest first}
    List<Task> tasks(int tid) {
        return told.stream()
                .map(TaskNotification::task)
                .filter(task -> task.tid() == tid)
                .distinct()
                .toList();
    }

    /// {@return what was told of each of some tasks, joined by commas}
    Map<Task, String> lives(Predicate<Task> wanted) {
        Map<Task, String> lives = new LinkedHashMap<>();
        for (TaskNotification n : told) {
            if (wanted.test(n.task())) {
                lives.merge(n.task(), text(n), (before, next) -> before + "," + next);
            }
        }
        return lives;
    }

    private static String text(TaskNotification n) {
        boolean isEnd = n.event() == TaskEvent.EXIT || n.event() == TaskEvent.FREE;
        return isEnd ? n.event() + " " + n.value() : n.event().toString();
    }
}
