// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.core;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZZ_Result;
import org.taskwatch.api.Delivery;
import org.taskwatch.api.TaskEvent;
import org.taskwatch.api.Verdict;

import java.util.List;
import java.util.Set;

/// The protocol of [Callers] with nothing around it: entering a watcher against closing it and
/// looking for calls in flight. A call goes on until the other side has looked, so one that was
/// missed can't have ended before.
public final class CallersStress {
    private CallersStress() {}

    /// Both sides, on the given callers.
    private static final class Protocol {
        private final Callers callers;
        private final Watcher watcher =
                Watcher.linked(_ -> Verdict.ALLOW, "m", Set.of(TaskEvent.EXEC), Delivery.SYNC);

        /// Written by the closing side, read by the calling side.
        private volatile boolean looked;

        Protocol(Callers callers) {
            this.callers = callers;
        }

        /// {@return whether the watcher was entered}
        boolean call() {
            Caller caller = callers.current();
            if (!caller.enter(watcher)) {
                return false;
            }
            while (!looked) {
                Thread.onSpinWait();
            }
            caller.exit();
            return true;
        }

        /// {@return whether a call was found}
        boolean close() {
            watcher.close();
            boolean found = !callers.calls(List.of(watcher)).isEmpty();
            looked = true;
            return found;
        }
    }

    /// A thread that has called before.
    @JCStressTest
    @Outcome(id = "false, false", expect = ACCEPTABLE, desc = "close -> look -> enter gives up")
    @Outcome(
            id = "false, true",
            expect = ACCEPTABLE,
            desc = "announce -> close -> look finds the announcement -> enter gives up")
    @Outcome(
            id = "true, true",
            expect = ACCEPTABLE,
            desc = "announce -> enter finds it open -> close -> look finds the call")
    @Outcome(
            id = "true, false",
            expect = FORBIDDEN,
            desc = "enter finds it open -> close -> look misses the call: use after unload")
    @State
    public static class EnterAgainstClose {
        /// One for all states, so that each thread is known after its first call.
        private static final Callers CALLERS = new Callers();

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
    @Outcome(id = "false, false", expect = ACCEPTABLE, desc = "close -> look -> enter gives up")
    @Outcome(
            id = "false, true",
            expect = ACCEPTABLE,
            desc = "add, announce -> close -> look finds the announcement -> enter gives up")
    @Outcome(
            id = "true, true",
            expect = ACCEPTABLE,
            desc = "add, announce -> enter finds it open -> close -> look finds the call")
    @Outcome(
            id = "true, false",
            expect = FORBIDDEN,
            desc = "enter finds it open -> close -> look misses the caller: use after unload")
    @State
    public static class FirstEnterAgainstClose {
        private final Protocol protocol = new Protocol(new Callers());

        @Actor
        public void caller(ZZ_Result r) {
            r.r1 = protocol.call();
        }

        @Actor
        public void closer(ZZ_Result r) {
            r.r2 = protocol.close();
        }
    }
}
