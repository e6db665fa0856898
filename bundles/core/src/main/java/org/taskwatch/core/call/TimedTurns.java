// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.core.call;

import org.jspecify.annotations.Nullable;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.locks.LockSupport;

/// What one thread does in turns and has to be done with by a deadline. If it is late, the [Watchdog] ends it in
/// its place: no thread can be made to leave a call that it is in, but another one can do what it was to do
/// afterwards.
///
/// **The states.** `turn` is whose turn it is, or how it has ended:
///
///     NOBODY -> w1 -> w2 ... -> DONE             by the thread itself
///        |      |     |
///        +------+-----+------> TAKEN -> LEFT     by the watchdog, at the deadline
///
/// **Why exactly one of the two ends it, and the watchdog never blames the wrong one.** Each step is one
/// compare-and-set from the state that was read before. The thread takes a turn, and ends, only from the turn
/// that it is in; the watchdog takes over only from the turn that it has read. One of two steps from the same
/// turn fails. If it is the thread's, it begins no further turn; if it is the watchdog's, the thread is in
/// another turn by now, and is looked at again at the next tick.
///
/// **Why the interrupt does not outlive it.** The watchdog interrupts the thread only between TAKEN and LEFT. The
/// thread, which finds TAKEN at its next step, waits for LEFT, and then clears its interrupt.
public abstract class TimedTurns {
    private static final VarHandle TURN;

    static {
        try {
            TURN = MethodHandles.lookup().findVarHandle(TimedTurns.class, "turn", Object.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    /// The states in which it is nobody's turn.
    private enum Between {
        NOBODY,
        DONE,
        TAKEN,
        LEFT
    }

    /// How long to wait between two looks whether the watchdog is done.
    private static final long PAUSE_NANOS = 20_000;

    private final Thread thread = Thread.currentThread();
    private final long start = System.nanoTime();

    /// What the thread was doing when this began, and goes on with after it.
    private final @Nullable TimedTurns outer;

    /// See the states above. A reference and not a number, so that who is blamed is read in one step with
    /// whether he may be.
    private volatile Object turn = Between.NOBODY;

    /// Begins, on the thread that is going to do it.
    ///
    /// @param caller the caller of this thread
    protected TimedTurns(Caller caller) {
        this.outer = caller.timed();
    }

    /// Begins the next turn. Called by the thread itself.
    ///
    /// @param next whose turn it is
    /// @return false if the watchdog has taken over: then nothing more is to be done
    public final boolean begin(Object next) {
        Object now = turn;
        return !isTaken(now) && TURN.compareAndSet(this, now, next);
    }

    /// {@return whether the watchdog has not taken over}
    public final boolean isInTime() {
        return !isTaken(turn);
    }

    private static boolean isTaken(Object now) {
        return now == Between.TAKEN || now == Between.LEFT;
    }

    /// Ends the last turn. Called by the thread itself, once. If the watchdog has taken over, waits for the few
    /// steps that it still has to do, and clears the interrupt of this thread.
    ///
    /// @return false if the watchdog has taken over
    public final boolean end() {
        if (begin(Between.DONE)) {
            return true;
        }
        while (turn != Between.LEFT) {
            Thread.interrupted(); // else there would be no pause
            LockSupport.parkNanos(this, PAUSE_NANOS);
        }
        Thread.interrupted();
        return false;
    }

    @Nullable TimedTurns outer() {
        return outer;
    }

    /// Takes over if it is late. Called by the watchdog.
    ///
    /// @param now the time, by [System#nanoTime]
    /// @param deadlineNanos how long it may take
    final void look(long now, long deadlineNanos) {
        Object late = turn;
        if (now - start < deadlineNanos
                || late == Between.DONE
                || isTaken(late)
                || !TURN.compareAndSet(this, late, Between.TAKEN)) {
            return;
        }
        try {
            takeOver(late == Between.NOBODY ? null : late);
        } finally {
            turn = Between.LEFT;
        }
    }

    /// Does what the thread was to do afterwards. Called once, by the watchdog; the thread waits for it before
    /// it goes on, so it must be short.
    ///
    /// @param late whose turn it is, null if nobody's
    protected abstract void takeOver(@Nullable Object late);

    /// Interrupts the thread, for it to leave the turn that it is in. Called by [#takeOver].
    protected final void interrupt() {
        thread.interrupt();
    }
}
