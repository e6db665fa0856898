// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.core;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.lang.ref.WeakReference;
import java.util.Collection;
import java.util.List;

/// One thread that calls watchers, and the rounds of calls it is in. A watcher may notify in turn,
/// so these nest.
final class Caller extends Padded {
    /// The number of no list and of no watcher.
    static final long NONE = 0;

    private static final VarHandle EDITION;
    private static final VarHandle TURN;

    static {
        try {
            MethodHandles.Lookup lookup = MethodHandles.lookup();
            EDITION = lookup.findVarHandle(Round.class, "edition", long.class);
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
    int nesting() {
        return outside + depth;
    }

    /// Takes over the nesting of the thread on whose behalf this one is going to call. Called by
    /// this thread, outside all rounds.
    ///
    /// @param nesting the [#nesting] of a thread that waits for the calls of this one
    void callFor(int nesting) {
        outside = nesting;
    }

    /// Announces that this thread is going to call the watchers of a list. It must
    /// [begin][Round#begin] each call, and [end][Round#end] the round in any case.
    ///
    /// @param edition the number of the list, see [Callers]
    /// @throws IllegalStateException if rounds are nested too deep
    Round enter(long edition) {
        int outer = depth;
        if (nesting() >= MOST_NESTED) {
            throw new IllegalStateException(
                    "notifying from inside a notification, %d deep".formatted(MOST_NESTED));
        }
        depth = outer + 1;
        Round round = rounds[outer];
        round.edition = edition;
        return round;
    }

    /// Adds the rounds of this thread whose lists may contain one of some watchers. Called by
    /// any thread.
    void collect(Collection<Watcher> sought, List<Callers.Call> calls) {
        for (Round round : rounds) {
            long edition = round.edition;
            if (edition != NONE && sought.stream().anyMatch(w -> w.mayBeIn(edition))) {
                Thread mine = thread.get();
                if (mine != null) {
                    calls.add(round.call(mine, edition, sought));
                }
            }
        }
    }

    /// One loop of this thread over the watchers of one list. Written by this thread only, read by
    /// all.
    final class Round extends Padded {
        private final Clock clock;

        /// The list whose watchers are called one after the other, [#NONE] between rounds: the
        /// announcement, see [Callers].
        private volatile long edition = NONE;

        /// The id of the watcher whose turn it is. Opaque: another thread can rely on it only after
        /// the handshake described in [Callers].
        private long turn = NONE;

        /// When its turn began, by the [Clock]. Plain: it is only shown to people.
        private long startNanos;

        private Round(Clock clock) {
            this.clock = clock;
        }

        /// Begins the turn of a watcher.
        ///
        /// @return whether it may be called
        boolean begin(Watcher watcher) {
            TURN.setOpaque(this, watcher.id());
            if (!watcher.isOpen()) {
                return false;
            }
            startNanos = clock.nanos();
            watcher.count(slot);
            return true;
        }

        /// Ends the round. A release write is enough: a waiting thread may see it late, but not
        /// before the calls' effects.
        void end() {
            depth--;
            TURN.setOpaque(this, NONE);
            EDITION.setRelease(this, NONE);
        }

        /// {@return whether the announcement is still the same; if not, that round has ended}
        boolean isStill(long announced) {
            return edition == announced;
        }

        /// {@return whether it is the turn of that watcher}
        boolean isTurnOf(Watcher watcher) {
            return (long) TURN.getOpaque(this) == watcher.id();
        }

        private Callers.Call call(Thread mine, long announced, Collection<Watcher> sought) {
            Watcher watcher = sought.stream().filter(this::isTurnOf).findFirst().orElse(null);
            return new Callers.Call(mine, this, announced, watcher, startNanos);
        }
    }
}
