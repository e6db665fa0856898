// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.core;

import org.jspecify.annotations.Nullable;
import org.taskwatch.api.TaskNotification;
import org.taskwatch.api.Verdict;
import org.taskwatch.api.spi.Decision;
import org.taskwatch.core.call.Caller;
import org.taskwatch.core.call.Callers;
import org.taskwatch.core.call.Watchdog;

import java.util.List;
import java.util.function.Consumer;

/// Asks the watchers of an event on the asking thread, all under one deadline.
///
/// **No gap at an update.** A question is put to the watchers that are there. One of them may be closed before
/// its turn, or a module be away for an update, or be back with only some of its watchers. Then the question
/// waits until no module is away, and is put to those that have come meanwhile. Who finds a watcher closed
/// waits for other targets than those that had it: they are published right after. The wait is in no round, so
/// an unload does not wait for it.
///
/// Without a deadline it does not wait.
final class Asker {
    private final Registry registry;
    private final Published published;
    private final Callers callers;
    private final Watchdog watchdog;
    private final Limits limits;

    /// @param watchdog answers for who is late; it has the deadline of the limits
    Asker(
            Registry registry,
            Published published,
            Callers callers,
            Watchdog watchdog,
            Limits limits) {
        this.registry = registry;
        this.published = published;
        this.callers = callers;
        this.watchdog = watchdog;
        this.limits = limits;
    }

    /// Does what [org.taskwatch.api.spi.TaskNotifier#ask] says.
    boolean ask(TaskNotification notification, @Nullable Verdict late, Consumer<Decision> answer) {
        Targets targets = published.targets(notification);
        if (targets == Targets.NOBODY) {
            answer.accept(Decision.ALLOWED);
            return true;
        }
        Caller caller = callers.current();
        Verdict ifLate = late == null ? limits.late() : late;
        Question question = new Question(registry, limits, caller, notification, ifLate, answer);
        boolean wasInterrupted = Thread.interrupted();
        boolean isAsked = false;
        boolean isMine;
        try {
            watchdog.watch(caller, question);
            ask(question, targets, caller);
            isAsked = true;
        } finally {
            caller.leave(question);
            isMine = question.close(isAsked);
            Thread.interrupted(); // it was meant for a watcher
            if (wasInterrupted) {
                Thread.currentThread().interrupt();
            }
        }
        return isMine;
    }

    private void ask(Question question, Targets first, Caller caller) {
        for (Watcher watcher : first.linked()) {
            if (question.concerns(watcher) && question.begin(watcher)) {
                question.put(watcher);
            }
        }
        LaneTarget.putAll(first.lanes(), question.notification());
        Targets targets = first;
        String missed = askModules(question, first, List.of(), caller);
        missed = missed == null ? first.away() : missed;
        while (missed != null && limits.syncDeadline().isPositive() && question.begin(missed)) {
            List<Watcher> before = List.of(targets.sync());
            targets = published.awaitNext(targets, question.notification(), question::isInTime);
            missed = askModules(question, targets, before, caller);
        }
    }

    /// Puts a question to SYNC watchers, by the protocol of [Callers], until it is taken over.
    ///
    /// @param before those that it was put to before
    /// @return the module of one that was closed before its turn, null if none was
    private static @Nullable String askModules(
            Question question, Targets targets, List<Watcher> before, Caller caller) {
        String missed = null;
        Caller.Round round = caller.enter(targets.epoch());
        try {
            for (Watcher watcher : targets.sync()) {
                if (!question.concerns(watcher) || before.contains(watcher)) {
                    continue;
                }
                if (!question.begin(watcher)) {
                    break;
                }
                if (round.begin(watcher)) {
                    question.put(watcher);
                } else if (!watcher.isSuspended()) {
                    missed = watcher.module();
                }
            }
        } finally {
            round.end();
        }
        return missed;
    }
}
