// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.core;

import org.jspecify.annotations.Nullable;
import org.taskwatch.api.TaskNotification;
import org.taskwatch.api.Verdict;
import org.taskwatch.api.spi.Decision;
import org.taskwatch.api.spi.Uncaught;
import org.taskwatch.core.call.Caller;
import org.taskwatch.core.call.TimedTurns;

import java.util.function.Consumer;

/// One question to the watchers of an event. The turns are those of the watchers, as [Watcher], and of modules
/// that are waited for, as their names. It is answered once: by the thread that asks, or at the deadline by the
/// watchdog.
final class Question extends TimedTurns {
    private final Registry registry;
    private final Limits limits;
    private final TaskNotification notification;
    private final Verdict late;
    private final Consumer<Decision> answer;

    /// The first refusal, null if there was none yet. Plain: written by the asking thread in the turn of the
    /// watcher that has refused; what the watchdog reads before that turn ends may be either.
    private @Nullable Decision refusal;

    /// Begins one, on the thread that asks.
    ///
    /// @param caller the caller of that thread
    /// @param late the answer if the deadline passes and nobody has refused before
    /// @param answer is given the decision
    Question(
            Registry registry,
            Limits limits,
            Caller caller,
            TaskNotification notification,
            Verdict late,
            Consumer<Decision> answer) {
        super(caller);
        this.registry = registry;
        this.limits = limits;
        this.notification = notification;
        this.late = late;
        this.answer = answer;
    }

    TaskNotification notification() {
        return notification;
    }

    /// {@return whether a watcher is to be asked}
    boolean concerns(Watcher watcher) {
        return watcher.wants(notification);
    }

    /// Asks a watcher, whose turn it is. An error of the VM that it throws is handled here: the others are to be
    /// asked all the same.
    void put(Watcher watcher) {
        try {
            Verdict verdict = watcher.call(notification);
            if (verdict != Verdict.ALLOW && refusal == null) {
                refusal = new Decision(verdict, watcher.name(), false);
            }
        } catch (VirtualMachineError e) {
            Uncaught.handle(e);
        }
    }

    /// Ends it, and gives the answer, unless the watchdog has done so. Called once, by the asking thread.
    ///
    /// @param isAsked whether all were asked: if asking has failed, the answer is that for who is late
    /// @return whether the answer was given here
    boolean close(boolean isAsked) {
        boolean isMine = end();
        if (isMine) {
            Decision otherwise = isAsked ? Decision.ALLOWED : new Decision(late, "", false);
            answer.accept(refusal == null ? otherwise : refusal);
        }
        return isMine;
    }

    /// The suspension closes the watcher before the interrupt comes, so that it is no fault to end by it.
    @Override
    protected void takeOver(@Nullable Object turn) {
        try {
            if (turn instanceof Watcher watcher) {
                registry.suspend(watcher, limits.noAnswerTo(notification.event().name()));
            }
            interrupt();
        } finally {
            answer.accept(refusal == null ? new Decision(late, name(turn), true) : refusal);
        }
    }

    private static String name(@Nullable Object turn) {
        return switch (turn) {
            case null -> "";
            case Watcher watcher -> watcher.name();
            default -> turn.toString();
        };
    }
}
