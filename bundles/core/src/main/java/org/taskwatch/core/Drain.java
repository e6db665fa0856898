// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.core;

import org.jspecify.annotations.Nullable;
import org.taskwatch.api.tool.CallInfo;
import org.taskwatch.api.tool.UnloadException;
import org.taskwatch.core.call.Call;
import org.taskwatch.core.call.Callers;

import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;

/// Waits for the grace period of watchers that are out of the published lists, see [Callers]: until
/// they are not being called any more. Takes no lock, so that waiting for one module holds up nobody
/// else.
final class Drain {
    private static final System.Logger LOG = System.getLogger(Drain.class.getName());

    /// A call mostly ends within microseconds; one that does not is looked at less and less often.
    private static final long SHORTEST_PAUSE_NANOS = 20_000;

    private static final long LONGEST_PAUSE_NANOS = 1_000_000;

    /// How long to wait for a round that is not in one of the watchers, before a handshake asks
    /// where its thread is.
    private static final Duration PATIENCE = Duration.ofMillis(2);

    /// How often a wait logs what it waits for.
    private static final Duration REPORT_EVERY = Duration.ofSeconds(3);

    private final Callers callers;
    private final Limits limits;

    Drain(Callers callers, Limits limits) {
        this.callers = callers;
        this.limits = limits;
    }

    /// Waits until no other thread is in a call of the watchers, or could come to one. Calls that
    /// this very thread is in are left out: it would wait for itself.
    ///
    /// An interrupt of this thread does not end the wait, and is still set afterwards.
    ///
    /// @param module its name, for messages
    /// @param watchers watchers that no published list has any more
    /// @param isIdle what else must hold before the wait can end
    /// @throws UnloadException if calls are still in flight at the unload deadline
    void await(String module, Collection<Watcher> watchers, BooleanSupplier isIdle)
            throws UnloadException {
        Wait wait = new Wait(module, watchers);
        boolean interrupted = false;
        boolean isOver = false;
        try {
            List<Call<Watcher>> calls = wait.look();
            while (!calls.isEmpty() || !isIdle.getAsBoolean()) {
                wait.go(calls);
                interrupted |= Thread.interrupted();
                calls = wait.look();
            }
            isOver = true;
        } finally {
            wait.end(isOver);
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /// One wait of one thread.
    private final class Wait {
        private final String module;
        private final Collection<Watcher> watchers;
        private final long start = System.nanoTime();
        private final Set<Thread> interrupted = new HashSet<>();
        private Duration nextReport = REPORT_EVERY;
        private long pause = SHORTEST_PAUSE_NANOS;
        private final @Nullable TracedDrain trace;

        Wait(String module, Collection<Watcher> watchers) {
            this.module = module;
            this.watchers = watchers;
            this.trace = Tracing.drain(module);
        }

        private Duration waited() {
            return Duration.ofNanos(System.nanoTime() - start);
        }

        /// {@return the rounds that must still be waited for}
        List<Call<Watcher>> look() {
            List<Call<Watcher>> rounds = new ArrayList<>(callers.roundsOfOthers(watchers));
            if (!rounds.isEmpty() && waited().compareTo(PATIENCE) >= 0) {
                rounds.removeIf(call -> !call.isInFlight() && call.isBeside(watchers));
            }
            return rounds;
        }

        /// Pauses once, after doing what is due.
        void go(List<Call<Watcher>> calls) throws UnloadException {
            Duration waited = waited();
            if (trace != null) {
                trace.waitsFor(calls);
            }
            if (limits.unloadDeadline().isPositive()
                    && waited.compareTo(limits.unloadDeadline()) >= 0) {
                throw new UnloadException(module, CallInfos.of(calls));
            }
            if (waited.compareTo(limits.interruptAfter()) >= 0) {
                calls.stream()
                        .filter(call -> call.isInFlight() && interrupted.add(call.thread()))
                        .forEach(call -> call.thread().interrupt());
            }
            if (waited.compareTo(nextReport) >= 0) {
                nextReport = nextReport.plus(REPORT_EVERY);
                report(calls, waited);
            }
            LockSupport.parkNanos(this, pause);
            pause = Math.min(2 * pause, LONGEST_PAUSE_NANOS);
        }

        void end(boolean inTime) {
            if (trace != null) {
                trace.inTime = inTime;
                trace.interrupted = interrupted.size();
                trace.commit();
            }
        }

        private void report(List<Call<Watcher>> calls, Duration waited) {
            String those =
                    CallInfos.of(calls).stream()
                            .map(CallInfo::summary)
                            .collect(Collectors.joining("; "));
            LOG.log(
                    Level.WARNING,
                    "unregistering module {0} waits since {1} ms for {2}",
                    module,
                    Long.toString(waited.toMillis()),
                    those);
        }
    }
}
