// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.core.call;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import org.jspecify.annotations.Nullable;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ILZ_Result;
import org.openjdk.jcstress.infra.results.I_Result;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;

/// The protocol of [TimedTurns]: taking turns against the deadline.
public final class TimedTurnsStress {
    private TimedTurnsStress() {}

    private static final Duration NEVER = Duration.ofDays(1);
    private static final Callers CALLERS = new Callers(new Clock((_, _) -> {}));

    /// A thread that takes two turns, and a watchdog for which it is always late. The results are who has ended it
    /// (1 the thread, 2 the watchdog), the turn that the watchdog took to be late followed by the turns that have
    /// begun, and whether the thread is interrupted afterwards.
    @JCStressTest
    @Outcome(id = "1, -12, false", expect = ACCEPTABLE, desc = "both turns -> end -> deadline")
    @Outcome(id = "2, null, false", expect = ACCEPTABLE, desc = "deadline -> no turn begins")
    @Outcome(
            id = "2, 11, false",
            expect = ACCEPTABLE,
            desc = "first turn -> deadline: the first is late, and no other begins")
    @Outcome(
            id = "2, 212, false",
            expect = ACCEPTABLE,
            desc = "second turn -> deadline: the second is late")
    @Outcome(
            id = ".*, true",
            expect = FORBIDDEN,
            desc = "end does not wait for the watchdog, or does not clear its interrupt")
    @Outcome(
            id = ".*",
            expect = FORBIDDEN,
            desc = "both end it, or none; a turn that was not reached is late; one begins after it")
    @State
    public static class TurnsAgainstDeadline {
        private final AtomicInteger taken = new AtomicInteger();

        /// Written by the watchdog before LEFT, read by the thread after it.
        private String late = "-";

        private volatile @Nullable TimedTurns begun;

        private final class Turns extends TimedTurns {
            Turns() {
                super(CALLERS.current());
            }

            @Override
            protected void takeOver(@Nullable Object turn) {
                taken.incrementAndGet();
                late = String.valueOf(turn);
                interrupt();
            }
        }

        @Actor
        public void thread(ILZ_Result r) {
            Turns turns = new Turns();
            begun = turns;
            String reached = "";
            for (int turn = 1; turn <= 2 && turns.begin(turn); turn++) {
                reached += turn;
            }
            int mine = turns.end() ? 1 : 0;
            r.r3 = Thread.interrupted();
            r.r1 = mine + 2 * taken.get();
            r.r2 = late + reached;
        }

        @Actor
        public void watchdog() {
            TimedTurns turns = begun;
            while (turns == null) {
                turns = begun;
            }
            turns.look(System.nanoTime(), Long.MIN_VALUE);
        }
    }

    /// A thread that begins while what may be the last tick looks. The result is how many ticks are to follow.
    @JCStressTest
    @Outcome(
            id = "1",
            expect = ACCEPTABLE,
            desc = "the tick sees the thread and goes on, or falls asleep and the thread wakes it")
    @Outcome(
            id = ".*",
            expect = FORBIDDEN,
            desc = "the watchdog sleeps while a thread is at it, and never ends it; or ticks twice")
    @State
    public static class BeginAgainstSleep {
        private final Callers callers = new Callers(new Clock((_, _) -> {}));
        private final AtomicInteger scheduled = new AtomicInteger();
        private final Watchdog watchdog = new Watchdog(callers, this::schedule, NEVER);
        private volatile Runnable tick = () -> {};

        public BeginAgainstSleep() {
            Caller caller = callers.current();
            Idle last = new Idle(caller);
            watchdog.watch(caller, last);
            caller.leave(last);
            tick.run(); // the next one is to be the last
            scheduled.set(0);
        }

        private void schedule(long millis, Runnable next) {
            tick = next;
            scheduled.incrementAndGet();
        }

        private static final class Idle extends TimedTurns {
            Idle(Caller caller) {
                super(caller);
            }

            @Override
            protected void takeOver(@Nullable Object late) {
                throw new IllegalStateException("there is time enough");
            }
        }

        @Actor
        public void thread() {
            Caller caller = callers.current();
            watchdog.watch(caller, new Idle(caller));
        }

        @Actor
        public void watchdog() {
            tick.run();
        }

        @Arbiter
        public void result(I_Result r) {
            r.r1 = scheduled.get();
        }
    }
}
