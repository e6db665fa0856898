// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.core.call;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;

/// Looks after threads that have to be done in time with what they do, see [TimedTurns].
///
/// It looks once in a tick, a tenth of the deadline, at the threads that call. So who begins only leaves a note on
/// his own [Caller], and wakes nobody, except the first one after a pause; and who is late is noticed a tick after
/// his deadline at the latest.
///
/// **The states**, so that nothing ticks while nobody asks:
///
///     ASLEEP -> ASKED <-> QUIET -> ASLEEP
///
/// A thread that begins leaves its note first, and then makes it ASKED; if it was ASLEEP, it begins the ticks. A
/// tick that finds no note makes ASKED QUIET, the next one QUIET ASLEEP, and is the last.
///
/// **Why it does not sleep while a thread is at it.** All accesses are volatile, so they have one order. A thread
/// that has found ASKED, and so has made nothing of it, has left its note before a tick made ASKED QUIET; the
/// look of the next tick, which comes before ASLEEP, finds that note. A thread that has found anything else has
/// made it ASKED: either before the tick would make QUIET ASLEEP, which then fails, or after it, and then it has
/// found ASLEEP and begins the ticks.
public final class Watchdog {
    private static final int TICKS_IN_DEADLINE = 10;

    private enum State {
        ASLEEP,
        ASKED,
        QUIET
    }

    private final Callers callers;
    private final Clock.Scheduler scheduler;
    private final long deadlineNanos;
    private final long tickMillis;

    /// Written about once a tick, however often threads begin: a line that all of them read.
    private final AtomicReference<State> state = new AtomicReference<>(State.ASLEEP);

    /// Makes one that is asleep.
    ///
    /// @param callers the threads that call
    /// @param scheduler makes the ticks
    /// @param deadline how long what they do may take; zero for ever, and nothing is looked after
    public Watchdog(Callers callers, Clock.Scheduler scheduler, Duration deadline) {
        this.callers = callers;
        this.scheduler = scheduler;
        this.deadlineNanos = deadline.toNanos();
        this.tickMillis =
                Math.max(1, TimeUnit.NANOSECONDS.toMillis(deadlineNanos) / TICKS_IN_DEADLINE);
    }

    /// Looks after this thread from now on, until [Caller#leave].
    ///
    /// @param caller the caller of this thread
    /// @param turns what it begins
    public void watch(Caller caller, TimedTurns turns) {
        if (deadlineNanos == 0) {
            return;
        }
        caller.begin(turns);
        if (state.get() != State.ASKED && state.getAndSet(State.ASKED) == State.ASLEEP) {
            schedule();
        }
    }

    private void schedule() {
        boolean isScheduled = false;
        try {
            scheduler.after(tickMillis, this::tick);
            isScheduled = true;
        } finally {
            if (!isScheduled) {
                state.set(
                        State.ASLEEP); // as for want of memory or threads: the next one tries again
            }
        }
    }

    private void tick() {
        boolean isNeeded = true;
        try {
            isNeeded = callers.look(System.nanoTime(), deadlineNanos);
        } finally {
            if (isNeeded
                    || state.compareAndSet(State.ASKED, State.QUIET)
                    || !state.compareAndSet(State.QUIET, State.ASLEEP)) {
                schedule();
            }
        }
    }
}
