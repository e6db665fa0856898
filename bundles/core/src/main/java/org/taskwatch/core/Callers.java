// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.core;

import org.jspecify.annotations.Nullable;
import org.taskwatch.api.tool.CallInfo;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Collection;
import java.util.List;

/// The threads that call watchers, and with them the reference count per call.
///
/// **The states of a call.** A thread that calls watchers makes one round for each list, and in it
/// takes the turns of the watchers in order; it never goes back, except to the beginning:
///
///     outside -> announced -> turn of w1 -> turn of w2 ... -> outside
///                             (a turn of a closed one is passed over)
///
/// **Why no thread enters a watcher after its unregistration has returned.** A thread announces the
/// number of the list whose watchers it is going to call, once, and then checks before each call
/// whether the watcher is still open. The unregistering thread closes the watcher, and then reads
/// the announcements. It is Dekker's protocol, with one announcement for many watchers:
///
///     calling thread (Notifier, Deliverer)      unregistering thread (Registry, Drain)
///     1  round.edition = number of the list     a  w.open = false
///     2  if (!w.open) pass it over              b  read every round: wait while w may be in its list
///     3  call w                                 c  unregister returns
///     4  round.edition = NONE
///
/// 1, 2, a and b are volatile accesses, so they have one total order that all threads agree upon
/// (JLS 17.4.4). If 2 finds w open, 2 comes before a in it; then 1 comes before b, and b finds the
/// announcement and waits for 4. If a comes before 2, w is not called. There is no third case. A
/// thread that has never called before adds its [Caller] to the list before 1, by a volatile write;
/// if b does not find the caller there, that write, and so 2, come after a. 4 is a release write:
/// what the calls did happens before the waiting thread goes on.
///
/// The wait ends however many rounds follow: the numbers rise, a closed watcher is in no later
/// list, and [Watcher#mayBeIn] knows the last number that it can be in. (When a module goes away,
/// all its queued watchers stay open until the entry that its lane has begun is delivered; there it
/// is the lane that begins no other: [Lane#take].)
///
/// A round costs one store with a fence, however many watchers it calls. No thread writes what
/// another one writes, and nothing is allocated except once per thread.
///
/// **Why a watcher that hangs does not hold up the unregistration of another in its list.** The
/// waiting thread also reads `round.turn`. Alone that proves nothing: the store to it may still be
/// on its way when the other thread has already looked at [Watcher#isOpen]. So, if the round does
/// not end, the waiting thread takes the stack of the other ([Thread#getStackTrace]), which in
/// HotSpot is a handshake: the other thread, at a safepoint poll or blocked, has made its stores
/// visible, and reads afresh what it reads afterwards. What `turn` says then was true at the
/// handshake. If it is not the watcher that is being unregistered, the thread can't be in it, and
/// will find it closed when its turn comes. Only this case, a list with a watcher that hangs,
/// relies on the JVM and not on the language.
final class Callers {
    /// The callers whose threads were alive when the last one was added. The list is never changed
    /// but replaced, under the lock of this object.
    private volatile List<Caller> all = List.of();

    private final ThreadLocal<Caller> own = ThreadLocal.withInitial(this::add);
    private final Clock clock;

    /// A thread that notifies often: its caller is found without a look into its own map. Plain, as
    /// a stale one costs no more than that look, and its fields are final.
    private @Nullable Frequent frequent;

    /// The id is here and not only in the caller, because other threads read it at each call, and
    /// must not share a cache line with what the caller writes.
    private record Frequent(long threadId, Caller caller) {}

    Callers(Clock clock) {
        this.clock = clock;
    }

    /// {@return the caller of this thread}
    Caller current() {
        Frequent known = frequent;
        return known != null && known.threadId == Thread.currentThread().threadId()
                ? known.caller
                : lookUp();
    }

    private Caller lookUp() {
        Caller caller = own.get();
        if (caller.isFrequent()) {
            frequent = new Frequent(Thread.currentThread().threadId(), caller);
        }
        return caller;
    }

    private synchronized Caller add() {
        List<Caller> alive = new ArrayList<>(all);
        alive.removeIf(caller -> !caller.isAlive());
        BitSet slots = new BitSet();
        alive.forEach(caller -> slots.set(caller.slot()));
        Caller caller = new Caller(Thread.currentThread(), slots.nextClearBit(0), clock);
        alive.add(caller);
        all = List.copyOf(alive);
        return caller;
    }

    /// {@return the calls of some watchers that are in flight now, on any thread}
    List<Call> calls(Collection<Watcher> watchers) {
        return rounds(watchers).stream().filter(Call::isInFlight).toList();
    }

    /// {@return the rounds of other threads that have announced one of some watchers: they are in a
    /// call of it, or may come to one}
    List<Call> roundsOfOthers(Collection<Watcher> watchers) {
        Thread self = Thread.currentThread();
        return rounds(watchers).stream().filter(call -> call.thread() != self).toList();
    }

    private List<Call> rounds(Collection<Watcher> watchers) {
        List<Call> rounds = new ArrayList<>();
        all.forEach(caller -> caller.collect(watchers, rounds));
        return rounds;
    }

    /// A round of calls as it was at one moment.
    ///
    /// @param thread the thread that calls
    /// @param round its round
    /// @param edition the number of the list that was announced
    /// @param watcher the one of those sought whose turn it was, null if it was none of them
    /// @param startNanos when its turn began, by the [Clock]
    record Call(
            Thread thread,
            Caller.Round round,
            long edition,
            @Nullable Watcher watcher,
            long startNanos) {

        /// {@return whether it was the turn of one of those sought}
        boolean isInFlight() {
            return watcher != null;
        }

        /// Makes sure where the thread is, by a handshake with it.
        ///
        /// @param closed watchers that were closed before
        /// @return whether it is in none of them, and so will not enter one in this round
        boolean isBeside(Collection<Watcher> closed) {
            thread.getStackTrace();
            return closed.stream().noneMatch(round::isTurnOf) || !round.isStill(edition);
        }

        /// {@return the call as tools see it, with the stack that its thread has now}
        CallInfo info() {
            return new CallInfo(
                    watcher == null ? "" : watcher.module(),
                    watcher == null ? "" : watcher.name(),
                    thread.getName(),
                    Duration.ofNanos(Math.max(0, System.nanoTime() - startNanos)),
                    stack());
        }

        /// {@return the stack inside the watcher, the innermost frame first, without what called it}
        private List<StackTraceElement> stack() {
            List<StackTraceElement> stack = Arrays.asList(thread.getStackTrace());
            for (int i = 0; i < stack.size(); i++) {
                if (stack.get(i).getClassName().equals(Watcher.class.getName())) {
                    return List.copyOf(stack.subList(0, i));
                }
            }
            return List.copyOf(stack);
        }
    }
}
