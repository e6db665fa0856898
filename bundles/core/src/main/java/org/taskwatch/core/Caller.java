// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.core;

import org.jspecify.annotations.Nullable;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Collection;
import java.util.List;

/// One thread that calls watchers, and the rounds of calls it is in. A watcher may notify in turn,
/// so these nest.
final class Caller {
    /// A watcher that raises events that call it again should end in a clear error.
    private static final int MOST_NESTED = 16;

    private final Thread thread;
    private final int slot;
    private final Round[] rounds = new Round[MOST_NESTED];

    /// How many rounds this thread is in. Used by this thread only.
    private int depth;

    /// Makes the caller of a thread.
    ///
    /// @param slot a number that no other caller has whose thread is alive
    Caller(Thread thread, int slot, Clock clock) {
        this.thread = thread;
        this.slot = slot;
        for (int i = 0; i < MOST_NESTED; i++) {
            rounds[i] = new Round(slot, clock);
        }
    }

    Thread thread() {
        return thread;
    }

    int slot() {
        return slot;
    }

    /// Announces that this thread is going to call watchers. The caller must look afterwards whether
    /// they still are the ones to be called, and must [#exit] in any case.
    ///
    /// @throws IllegalStateException if rounds are nested too deep
    Round enter(Watcher[] watchers) {
        if (depth == MOST_NESTED) {
            throw new IllegalStateException(
                    "notifying from inside a notification, %d deep".formatted(MOST_NESTED));
        }
        Round round = rounds[depth++];
        round.watchers = watchers;
        return round;
    }

    /// Ends the innermost round of this thread.
    void exit() {
        rounds[--depth].clear();
    }

    /// Adds the rounds of this thread in which one of some watchers was announced. Called by any
    /// thread.
    void collect(Collection<Watcher> sought, List<Callers.Call> calls) {
        for (Round round : rounds) {
            Watcher[] announced = round.watchers;
            if (announced != null && containsAny(sought, announced)) {
                calls.add(
                        new Callers.Call(
                                thread, round, announced, round.current(), round.startNanos));
            }
        }
    }

    private static boolean containsAny(Collection<Watcher> sought, Watcher[] announced) {
        for (Watcher watcher : announced) {
            if (sought.contains(watcher)) {
                return true;
            }
        }
        return false;
    }

    /// One loop of one thread over some watchers. Written by that thread only, read by all.
    static final class Round {
        private static final VarHandle WATCHERS;
        private static final VarHandle CURRENT;

        static {
            try {
                MethodHandles.Lookup lookup = MethodHandles.lookup();
                WATCHERS = lookup.findVarHandle(Round.class, "watchers", Watcher[].class);
                CURRENT = lookup.findVarHandle(Round.class, "current", Watcher.class);
            } catch (ReflectiveOperationException e) {
                throw new ExceptionInInitializerError(e);
            }
        }

        private final int slot;
        private final Clock clock;

        /// The watchers that are called one after the other, null between rounds: the announcement,
        /// see [Callers].
        private volatile Watcher @Nullable [] watchers;

        /// The one of them whose turn it is. Opaque: it says where the thread is, exactly only to
        /// one that has made sure of it, see [Callers].
        private @Nullable Watcher current;

        /// When its turn began, by the [Clock]. Plain: it is only shown to people.
        private long startNanos;

        private Round(int slot, Clock clock) {
            this.slot = slot;
            this.clock = clock;
        }

        /// Begins the turn of a watcher.
        ///
        /// @return whether it may be called
        boolean begin(Watcher watcher) {
            CURRENT.setOpaque(this, watcher);
            if (!watcher.isOpen()) {
                return false;
            }
            startNanos = clock.nanos();
            watcher.count(slot);
            return true;
        }

        /// A release write is enough: who waits may see it late, but not before the calls' effects.
        private void clear() {
            CURRENT.setOpaque(this, null);
            WATCHERS.setRelease(this, null);
        }

        /// {@return whether the announcement is still the same; if not, that round has ended}
        boolean isStill(Watcher[] announced) {
            return watchers == announced;
        }

        /// {@return whose turn it is, null if nobody's}
        @Nullable Watcher current() {
            return (Watcher) CURRENT.getOpaque(this);
        }
    }
}
