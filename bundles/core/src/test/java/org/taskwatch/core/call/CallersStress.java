// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.core.call;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZZ_Result;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/// The protocol of [Callers] with nothing around it: announcing a list and looking whether a callee
/// of it is open, against closing it and looking for announcements. A round goes on until the other
/// side has looked, so one that was missed can't have ended before.
public final class CallersStress {
    private CallersStress() {}

    /// One for all states, of which very many are made.
    private static final Clock CLOCK = new Clock(CallersStress::after);

    private static void after(long millis, Runnable action) {
        CompletableFuture.delayedExecutor(millis, TimeUnit.MILLISECONDS).execute(action);
    }

    private static final class Target extends Callee {
        Target(Epochs epochs) {
            super(epochs);
        }
    }

    /// Both sides, on the given callers.
    private static final class Protocol {
        private final Callers callers;
        private final Epochs epochs = new Epochs();
        private final Callee callee = new Target(epochs);

        private final long list = epochs.next();

        private volatile boolean looked;

        Protocol(Callers callers) {
            this.callers = callers;
        }

        /// {@return whether the callee would be called}
        boolean call() {
            Caller.Round round = callers.current().enter(list);
            boolean entered = round.begin(callee);
            while (entered && !looked) {
                Thread.onSpinWait();
            }
            round.end();
            return entered;
        }

        /// {@return whether a round was found}
        boolean close() {
            callee.close();
            boolean found = !callers.roundsOfOthers(List.of(callee)).isEmpty();
            looked = true;
            return found;
        }
    }

    /// A thread that has called before.
    @JCStressTest
    @Outcome(
            id = "false, false",
            expect = ACCEPTABLE,
            desc = "close -> look -> begin finds it closed")
    @Outcome(
            id = "false, true",
            expect = ACCEPTABLE,
            desc = "announce -> close -> look finds the round -> begin finds it closed")
    @Outcome(
            id = "true, true",
            expect = ACCEPTABLE,
            desc = "announce -> begin finds it open -> close -> look finds the round")
    @Outcome(
            id = "true, false",
            expect = FORBIDDEN,
            desc = "begin finds it open -> close -> look misses the round: use after unload")
    @State
    public static class EnterAgainstClose {
        /// One for all states, so that each thread is known after its first call.
        private static final Callers CALLERS = new Callers(CLOCK);

        private final Protocol protocol = new Protocol(CALLERS);

        @Actor
        public void caller(ZZ_Result r) {
            r.r1 = protocol.call();
        }

        @Actor
        public void closer(ZZ_Result r) {
            r.r2 = protocol.close();
        }
    }

    /// A thread that calls for the first time, and so has to make itself known.
    @JCStressTest
    @Outcome(
            id = "false, false",
            expect = ACCEPTABLE,
            desc = "close -> look -> begin finds it closed")
    @Outcome(
            id = "false, true",
            expect = ACCEPTABLE,
            desc = "add, announce -> close -> look finds the round -> begin finds it closed")
    @Outcome(
            id = "true, true",
            expect = ACCEPTABLE,
            desc = "add, announce -> begin finds it open -> close -> look finds the round")
    @Outcome(
            id = "true, false",
            expect = FORBIDDEN,
            desc = "begin finds it open -> close -> look misses the caller: use after unload")
    @State
    public static class FirstEnterAgainstClose {
        private final Protocol protocol = new Protocol(new Callers(CLOCK));

        @Actor
        public void caller(ZZ_Result r) {
            r.r1 = protocol.call();
        }

        @Actor
        public void closer(ZZ_Result r) {
            r.r2 = protocol.close();
        }
    }

    /// A thread that is in the turn of another callee of the list, as one that hangs: the handshake
    /// tells that it is beside the closed one, and then it must never begin with it.
    @JCStressTest
    @Outcome(id = "false, .+", expect = ACCEPTABLE, desc = "close -> begin finds it closed")
    @Outcome(
            id = "true, false",
            expect = ACCEPTABLE,
            desc = "begin finds it open -> close -> the handshake finds its turn")
    @Outcome(
            id = "true, true",
            expect = FORBIDDEN,
            desc = "the handshake does not find its turn -> begin finds it open: use after unload")
    @State
    public static class BeginAgainstHandshake {
        private static final Callers CALLERS = new Callers(CLOCK);

        private final Epochs epochs = new Epochs();
        private final Callee other = new Target(epochs);
        private final Callee closed = new Target(epochs);
        private final long list = epochs.next();

        private volatile boolean entered;
        private volatile boolean looked;

        @Actor
        public void caller(ZZ_Result r) {
            Caller.Round round = CALLERS.current().enter(list);
            round.begin(other);
            entered = true;
            r.r1 = round.begin(closed);
            while (!looked) {
                Thread.onSpinWait();
            }
            round.end();
        }

        @Actor
        public void closer(ZZ_Result r) {
            while (!entered) {
                Thread.onSpinWait();
            }
            closed.close();
            r.r2 = CALLERS.roundsOfOthers(List.of(closed)).getFirst().isBeside(List.of(closed));
            looked = true;
        }
    }
}
