// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.core;

import org.jspecify.annotations.Nullable;
import org.taskwatch.api.Loss;
import org.taskwatch.api.Task;
import org.taskwatch.api.TaskEvent;
import org.taskwatch.api.TaskNotification;
import org.taskwatch.api.Verdict;
import org.taskwatch.api.spi.Decision;
import org.taskwatch.api.spi.TaskNotifier;
import org.taskwatch.core.call.Caller;
import org.taskwatch.core.call.Callers;

import java.time.Instant;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.Function;

/// The entrance: the loop over the watchers of an event.
final class Notifier implements TaskNotifier {
    /// The name of the source of events that are raised by hand.
    private static final String RAISED = "raised";

    private final Registry registry;
    private final Published published;
    private final Callers callers;
    private final SyncCalls syncCalls;
    private final Asker asker;
    private final Limits limits;
    private final boolean isUnderDeadline;

    /// The number of the last event raised by hand.
    private final AtomicLong raised = new AtomicLong();

    Notifier(
            Registry registry,
            Published published,
            Callers callers,
            SyncCalls syncCalls,
            Asker asker,
            Limits limits) {
        this.registry = registry;
        this.published = published;
        this.callers = callers;
        this.syncCalls = syncCalls;
        this.asker = asker;
        this.limits = limits;
        this.isUnderDeadline = limits.syncDeadline().isPositive();
    }

    @Override
    public Verdict notify(TaskNotification notification) {
        Targets targets = published.targets(notification);
        if (targets == Targets.NOBODY) {
            return Verdict.ALLOW;
        }
        Verdict answer = callLinked(targets.linked(), notification);
        if (targets.hasModules()) {
            answer = first(answer, notifyModules(targets, notification));
        }
        return answer == Verdict.ALLOW || notification.event().isRefusable()
                ? answer
                : Verdict.ALLOW;
    }

    private static Verdict callLinked(Watcher[] watchers, TaskNotification notification) {
        Verdict answer = Verdict.ALLOW;
        for (Watcher watcher : watchers) {
            Verdict verdict =
                    watcher.wants(notification) ? watcher.call(notification) : Verdict.ALLOW;
            if (verdict != Verdict.ALLOW) {
                answer = first(answer, verdict);
            }
        }
        return answer;
    }

    private Verdict notifyModules(Targets targets, TaskNotification notification) {
        LaneTarget.putAll(targets.lanes(), notification);
        if (targets.sync().length == 0) {
            return Verdict.ALLOW;
        }
        return isUnderDeadline
                ? askAll(targets.sync(), notification)
                : callAll(targets, notification);
    }

    private static Verdict first(Verdict earlier, Verdict later) {
        return earlier == Verdict.ALLOW ? later : earlier;
    }

    /// Calls watchers on this thread, by the protocol of [Callers].
    private Verdict callAll(Targets targets, TaskNotification notification) {
        Caller.Round round = callers.current().enter(targets.epoch());
        try {
            return callAll(round, targets.sync(), notification);
        } finally {
            round.end();
        }
    }

    private static Verdict callAll(
            Caller.Round round, Watcher[] watchers, TaskNotification notification) {
        Verdict answer = Verdict.ALLOW;
        for (Watcher watcher : watchers) {
            if (watcher.wants(notification) && round.begin(watcher)) {
                Verdict verdict = watcher.call(notification);
                if (verdict != Verdict.ALLOW) {
                    answer = first(answer, verdict);
                }
            }
        }
        return answer;
    }

    /// Calls watchers under the deadline, one after the other, each on another thread: the notifying one must go
    /// on at the deadline. It reports the events of a whole machine, in order, with what it knows of all tasks;
    /// nobody could do that in its place, as the watchdog answers a question in the place of an [Asker].
    private Verdict askAll(Watcher[] watchers, TaskNotification notification) {
        Verdict answer = Verdict.ALLOW;
        for (Watcher watcher : watchers) {
            if (watcher.wants(notification)) {
                answer =
                        first(
                                answer,
                                ask(
                                        watcher,
                                        notification.event().name(),
                                        w -> w.call(notification)));
            }
        }
        return answer;
    }

    private Verdict ask(Watcher watcher, String what, Function<Watcher, Verdict> call) {
        int nesting = callers.current().nesting();
        return syncCalls.call(
                () -> {
                    callers.current().callFor(nesting);
                    return callOne(watcher, call);
                },
                () -> late(watcher, what));
    }

    private Verdict callOne(Watcher watcher, Function<Watcher, Verdict> call) {
        Caller.Round round = callers.current().enter(watcher.firstEpoch());
        try {
            return round.begin(watcher) ? call.apply(watcher) : Verdict.ALLOW;
        } finally {
            round.end();
        }
    }

    private Verdict late(Watcher watcher, String what) {
        registry.suspend(watcher, limits.noAnswerTo(what));
        return limits.late();
    }

    @Override
    public Verdict notify(TaskEvent event, long value, Task task) {
        Instant now = Instant.now();
        return notify(
                TaskNotification.of(
                        event,
                        value,
                        task,
                        task.details(),
                        TaskNotification.epochNanos(now),
                        raised.incrementAndGet(),
                        RAISED,
                        TaskNotification.Origin.RAISED));
    }

    @Override
    public boolean ask(
            TaskNotification notification, @Nullable Verdict late, Consumer<Decision> answer) {
        return asker.ask(notification, late, answer);
    }

    @Override
    public void lost(Loss loss) {
        Tracing.loss("", loss);
        published.table().forEach(watcher -> watcher.tell(loss));
        for (Module module : published.live()) {
            module.lane().put(loss);
            for (Watcher watcher : module.watchers()) {
                if (!watcher.isQueued()) {
                    tell(watcher, loss);
                }
            }
        }
    }

    private void tell(Watcher watcher, Loss loss) {
        Function<Watcher, Verdict> call =
                w -> {
                    w.tell(loss);
                    return Verdict.ALLOW;
                };
        if (isUnderDeadline) {
            ask(watcher, "a loss", call);
        } else {
            callOne(watcher, call);
        }
    }
}
