// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.core.call;

import org.jspecify.annotations.Nullable;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.lang.ref.WeakReference;
import java.util.Collection;
import java.util.List;

/// One thread that calls, and the rounds of calls that it is in. What is called may call in turn, so
/// these nest.
public final class Caller extends Padded {
    /// No epoch, and the id of no callee.
    static final long NONE = 0;

    private static final VarHandle EPOCH;
    private static final VarHandle TURN;
    private static final VarHandle TIMED;

    static {
        try {
            MethodHandles.Lookup lookup = MethodHandles.lookup();
            TIMED = lookup.findVarHandle(Caller.class, "timed", TimedTurns.class);
            EPOCH = lookup.findVarHandle(Round.class, "epoch", long.class);
            TURN = lookup.findVarHandle(Round.class, "turn", long.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    /// A watcher that raises events that call it again should end in a clear error.
    private static final int MOST_NESTED = 16;

    /// After so many look-ups a thread is noted as the frequent one, when there are several.
    private static final int MANY_LOOKS = 1024;

    /// Weak, because a thread refers to what it ran, its context class loader for one. While it is
    /// in a round, it is alive.
    private final WeakReference<Thread> thread;

    private final int slot;
    private final Round[] rounds = new Round[MOST_NESTED];

    /// How often the caller of this thread was looked up. Used by this thread only.
    private int looks;

    /// How many rounds this thread is in, and how many the thread is in that waits for its calls.
    /// Used by this thread only.
    private int depth;

    private int outside;

    /// What this thread has to be done with in time, the innermost; null if nothing. Written by this thread, read by the
    /// [Watchdog].
    private volatile @Nullable TimedTurns timed;

    /// Makes the caller of a thread.
    ///
    /// @param slot a number that no other caller has whose thread is alive
    Caller(Thread thread, int slot, Clock clock) {
        this.thread = new WeakReference<>(thread);
        this.slot = slot;
        for (int i = 0; i < MOST_NESTED; i++) {
            rounds[i] = new Round(clock);
        }
    }

    /// {@return whether it may still be in rounds, now or later}
    boolean isAlive() {
        Thread mine = thread.get();
        return mine != null && mine.isAlive();
    }

    int slot() {
        return slot;
    }

    /// {@return whether this thread has asked for its caller many times again} Called by this thread.
    boolean isFrequent() {
        return ++looks % MANY_LOOKS == 0;
    }

    /// {@return how many rounds are nested where this thread is} Called by this thread.
    public int nesting() {
        return outside + depth;
    }

    /// Takes over the nesting of the thread on whose behalf this one is going to call. Called by
    /// this thread, outside all rounds.
    ///
    /// @param nesting the [#nesting] of a thread that waits for the calls of this one
    public void callFor(int nesting) {
        outside = nesting;
    }

    /// Announces that this thread is going to call those of a list. It must
    /// [begin][Round#begin] each call, and [end][Round#end] the round in any case.
    ///
    /// @param epoch the epoch of the list, see [Callers]
    /// @return the round
    /// @throws IllegalStateException if rounds are nested too deep
    public Round enter(long epoch) {
        int outer = depth;
        if (nesting() >= MOST_NESTED) {
            throw new IllegalStateException(
                    "notifying from inside a notification, %d deep".formatted(MOST_NESTED));
        }
        depth = outer + 1;
        Round round = rounds[outer];
        round.epoch = epoch;
        return round;
    }

    @Nullable TimedTurns timed() {
        return timed;
    }

    /// Begins what is to be done in time. Called by this thread.
    void begin(TimedTurns turns) {
        timed = turns;
    }

    /// Is done with it, or with nothing if it was not begun. Called by this thread.
    ///
    /// @param turns what has ended: a watchdog that still sees it finds that it has
    public void leave(TimedTurns turns) {
        TIMED.setRelease(this, turns.outer());
    }

    /// Lets late turns of this thread be taken over. Called by the watchdog.
    ///
    /// @return whether it is at any
    boolean look(long now, long deadlineNanos) {
        TimedTurns innermost = timed;
        for (TimedTurns each = innermost; each != null; each = each.outer()) {
            each.look(now, deadlineNanos);
        }
        return innermost != null;
    }

    /// Adds the rounds of this thread whose lists may contain one of those sought. Called by
    /// any thread.
    <C extends Callee> void collect(Collection<C> sought, List<Call<C>> calls) {
        for (Round round : rounds) {
            long epoch = round.epoch;
            if (epoch != NONE && sought.stream().anyMatch(callee -> callee.mayBeIn(epoch))) {
                Thread mine = thread.get();
                if (mine != null) {
                    calls.add(round.call(mine, epoch, sought));
                }
            }
        }
    }

    /// One loop of this thread over those of one list, which it calls one after the other. Written by this thread only, read by
    /// all.
    public final class Round extends Padded {
        private final Clock clock;

        /// The epoch of the list, [#NONE] between rounds: the announcement, see [Callers].
        private volatile long epoch = NONE;

        /// The id of the one whose turn it is. Opaque: another thread can rely on it only after
        /// the handshake described in [Callers].
        private long turn = NONE;

        /// When its turn began, by the [Clock]. Plain: it is only shown to people.
        private long startNanos;

        private Round(Clock clock) {
            this.clock = clock;
        }

        /// Begins the turn of one of the list.
        ///
        /// @param callee the one
        /// @return whether it may be called
        public boolean begin(Callee callee) {
            TURN.setOpaque(this, callee.id());
            if (!callee.isOpen()) {
                return false;
            }
            startNanos = clock.nanos();
            callee.count(slot);
            return true;
        }

        /// Ends the round. A release write is enough: a waiting thread may see it late, but not
        /// before the calls' effects.
        public void end() {
            depth--;
            TURN.setOpaque(this, NONE);
            EPOCH.setRelease(this, NONE);
        }

        /// {@return whether the announcement is still the same; if not, that round has ended}
        boolean isStill(long announced) {
            return epoch == announced;
        }

        /// {@return whether it is the turn of that one}
        boolean isTurnOf(Callee callee) {
            return (long) TURN.getOpaque(this) == callee.id();
        }

        /// {@return how many calls of that one this thread has begun}
        long calls(Callee callee) {
            return callee.calls(slot);
        }

        private <C extends Callee> Call<C> call(Thread mine, long announced, Collection<C> sought) {
            C callee = sought.stream().filter(this::isTurnOf).findFirst().orElse(null);
            long number = callee == null ? 0 : calls(callee);
            return new Call<>(mine, this, announced, callee, startNanos, number);
        }
    }
}
