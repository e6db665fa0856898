// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.core;

import com.google.errorprone.annotations.concurrent.GuardedBy;

import org.taskwatch.api.tool.CallInfo;
import org.taskwatch.core.call.Call;
import org.taskwatch.core.call.Caller;
import org.taskwatch.core.call.Callers;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/// Finds calls that last, by looking: one that is in flight at two looks in a row has lasted from the
/// one to the other. So a call costs no more for it, not even a look at the clock.
///
/// **Why it is the same call.** Both looks have seen that it is the turn of that watcher, and as many calls of it begun
/// by that thread. That alone could be a call that has ended and one that is about to begin, which is counted last. So
/// the second look takes the stack, which is a handshake with the thread (see [Callers]), and counts again: a thread
/// inside the watcher has counted the call that it is in.
///
/// One that lasts twice as long as the time between two looks is surely found. Calls of the static table are in
/// no round, so they are not seen; they show as long batches of who notifies.
///
/// Safe for all threads: the recorder may look from several.
final class SlowCalls {
    /// Is told what is found.
    interface Found {
        /// A call lasts.
        ///
        /// @param nanos for how long at least
        void tell(CallInfo call, Thread caller, long nanos);
    }

    private final Callers callers;
    private final Registry registry;

    /// The calls that the last look has found, by numbers: it must keep no watcher whose bundle goes.
    @GuardedBy("this")
    private Map<Caller.Round, Seen> seen = Map.of();

    /// @param number which call of the callee it is, of those of its thread
    /// @param nanos when it was first seen
    private record Seen(long callee, long number, long nanos) {
        boolean isSame(Seen other) {
            return callee == other.callee && number == other.number;
        }
    }

    /// @param callers the threads that call
    /// @param registry has the modules whose watchers they call
    SlowCalls(Callers callers, Registry registry) {
        this.callers = callers;
        this.registry = registry;
    }

    /// Looks once.
    ///
    /// @param now the time, by [System#nanoTime]
    /// @param found is told of the calls that the look before has seen too
    synchronized void look(long now, Found found) {
        Map<Caller.Round, Seen> next = new HashMap<>();
        for (Call<Watcher> call : callers.calls(watchers())) {
            Watcher watcher = Objects.requireNonNull(call.callee()); // it is in flight
            Seen last = new Seen(watcher.id(), call.number(), now);
            Seen before = seen.get(call.round());
            if (before != null && before.isSame(last) && isTold(call, now - before.nanos, found)) {
                last = before;
            }
            next.put(call.round(), last);
        }
        seen = next;
    }

    private List<Watcher> watchers() {
        return registry.modules().stream().flatMap(module -> module.watchers().stream()).toList();
    }

    private static boolean isTold(Call<Watcher> call, long nanos, Found found) {
        CallInfo info = CallInfos.inside(call);
        if (info == null || !call.isLatest()) {
            return false;
        }
        found.tell(info, call.thread(), nanos);
        return true;
    }
}
