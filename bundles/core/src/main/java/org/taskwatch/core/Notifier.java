// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.core;

import org.taskwatch.api.Loss;
import org.taskwatch.api.Task;
import org.taskwatch.api.TaskEvent;
import org.taskwatch.api.TaskNotification;
import org.taskwatch.api.TaskNotifier;
import org.taskwatch.api.Verdict;

import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/// The entrance: the loop over the watchers of an event.
final class Notifier implements TaskNotifier {
    private static final long NANOS_PER_SECOND = 1_000_000_000L;

    /// The source that events raised by hand are told to come from.
    private static final String RAISED = "raised";

    private final Registry registry;
    private final Callers callers;

    /// The number of the last event raised by hand.
    private final AtomicLong raised = new AtomicLong();

    Notifier(Registry registry, Callers callers) {
        this.registry = registry;
        this.callers = callers;
    }

    @Override
    public Verdict notify(TaskNotification notification) {
        Targets targets = registry.targets(notification.event());
        Verdict answer = Verdict.ALLOW;
        for (Watcher watcher : targets.linked()) {
            answer = first(answer, watcher.call(notification));
        }
        for (Lane lane : targets.lanes()) {
            lane.put(notification);
        }
        if (targets.sync().length > 0) {
            answer = first(answer, callAll(targets.sync(), notification));
        }
        return notification.event().isRefusable() ? answer : Verdict.ALLOW;
    }

    private Verdict callAll(Watcher[] watchers, TaskNotification notification) {
        Verdict answer = Verdict.ALLOW;
        Caller caller = callers.current();
        for (Watcher watcher : watchers) {
            if (caller.enter(watcher)) {
                try {
                    answer = first(answer, watcher.call(notification));
                } finally {
                    caller.exit();
                }
            }
        }
        return answer;
    }

    private static Verdict first(Verdict earlier, Verdict later) {
        return earlier == Verdict.ALLOW ? later : earlier;
    }

    @Override
    public Verdict notify(TaskEvent event, long value, Task task) {
        Instant now = Instant.now();
        return notify(
                new TaskNotification(
                        event,
                        value,
                        task,
                        task.details(),
                        now.getEpochSecond() * NANOS_PER_SECOND + now.getNano(),
                        raised.incrementAndGet(),
                        RAISED,
                        TaskNotification.Origin.RAISED));
    }

    @Override
    public void lost(Loss loss) {
        registry.table().forEach(watcher -> watcher.tell(loss));
        for (Module module : registry.live()) {
            module.lane().put(loss);
            tellAll(module.watchers(), loss);
        }
    }

    private void tellAll(List<Watcher> watchers, Loss loss) {
        Caller caller = callers.current();
        for (Watcher watcher : watchers) {
            if (!watcher.isQueued() && caller.enter(watcher)) {
                try {
                    watcher.tell(loss);
                } finally {
                    caller.exit();
                }
            }
        }
    }
}
