// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.core;

import org.taskwatch.api.CallInfo;
import org.taskwatch.api.UnloadException;

import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;

/// Waits until watchers that were closed are not being called any more. Takes no lock, so that
/// waiting for one module holds up nobody else.
final class Drain {
    private static final System.Logger LOG = System.getLogger(Drain.class.getName());

    /// A call mostly ends within microseconds; one that does not is looked at less and less often.
    private static final long SHORTEST_PAUSE_NANOS = 20_000;

    private static final long LONGEST_PAUSE_NANOS = 1_000_000;

    private final Callers callers;
    private final Limits limits;

    Drain(Callers callers, Limits limits) {
        this.callers = callers;
        this.limits = limits;
    }

    /// Waits until no other thread is in a call of the watchers. Calls that this very thread is in
    /// are left out: it would wait for itself.
    ///
    /// An interrupt of this thread does not end the wait, and is still set afterwards.
    ///
    /// @param module its name, for messages
    /// @param closed watchers that were [closed][Watcher#close] before
    /// @throws UnloadException if calls are still in flight at the unload deadline
    void await(String module, Collection<Watcher> closed) throws UnloadException {
        List<Callers.Call> calls = callers.callsOfOthers(closed);
        if (calls.isEmpty()) {
            return;
        }
        Wait wait = new Wait(module);
        boolean interrupted = false;
        try {
            while (!calls.isEmpty()) {
                wait.go(calls);
                interrupted |= Thread.interrupted();
                calls = callers.callsOfOthers(closed);
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /// One wait of one thread.
    private final class Wait {
        private final String module;
        private final long start = System.nanoTime();
        private final Set<Callers.Call> interrupted = new HashSet<>();
        private Duration nextReport = limits.reportEvery();
        private long pause = SHORTEST_PAUSE_NANOS;

        Wait(String module) {
            this.module = module;
        }

        /// Pauses once, after doing what is due.
        void go(List<Callers.Call> calls) throws UnloadException {
            Duration waited = Duration.ofNanos(System.nanoTime() - start);
            if (isOver(waited)) {
                throw new UnloadException(module, infos(calls));
            }
            if (waited.compareTo(limits.interruptAfter()) >= 0) {
                calls.stream().filter(interrupted::add).forEach(call -> call.thread().interrupt());
            }
            if (waited.compareTo(nextReport) >= 0) {
                nextReport = nextReport.plus(limits.reportEvery());
                report(calls, waited);
            }
            LockSupport.parkNanos(this, pause);
            pause = Math.min(2 * pause, LONGEST_PAUSE_NANOS);
        }

        private boolean isOver(Duration waited) {
            return limits.unloadDeadline().isPositive()
                    && waited.compareTo(limits.unloadDeadline()) >= 0;
        }

        private void report(List<Callers.Call> calls, Duration waited) {
            String those =
                    infos(calls).stream().map(CallInfo::summary).collect(Collectors.joining("; "));
            LOG.log(
                    Level.WARNING,
                    "unregistering module {0} waits since {1} ms for {2}",
                    module,
                    Long.toString(waited.toMillis()),
                    those);
        }
    }

    private static List<CallInfo> infos(List<Callers.Call> calls) {
        return calls.stream().map(Callers.Call::info).toList();
    }
}
