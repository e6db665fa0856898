// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.core;

import org.jspecify.annotations.Nullable;
import org.taskwatch.api.CallInfo;

import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Collection;
import java.util.List;

/// The threads that call watchers, and with them the reference count per call.
///
/// **Why no thread enters a watcher after its unregistration has returned.** A thread announces the
/// whole list of watchers that it is going to call, once, and then looks whether that list is still
/// the published one. Who unregisters publishes a list without the watcher, and then reads the
/// announcements. It is Dekker's protocol:
///
///     calling thread (Notifier, Deliverer)      unregistering thread (Registry, Drain)
///     1  round.watchers = list                  a  published = a list without w
///     2  if (published != list) begin again     b  read every round: wait while its list has w
///     3  call each watcher of the list
///     4  round.watchers = null                  c  unregister returns
///
/// 1, 2, a and b are volatile accesses, so they have one total order that all threads agree upon
/// (JLS 17.4.4). If 2 reads the list that has w, 2 comes before a in it; then 1 comes before b, and b
/// finds the announcement and waits for 4. If a comes before 2, the list is not used. There is no
/// third case. A thread that has never called before adds its [Caller] to the list before 1, by a
/// volatile write; if b does not find the caller there, that write, and so 2, come after a. 4 is a
/// release write: what the calls did happens before the waiting thread goes on.
///
/// One store with a fence is all that a round costs, however many watchers it calls. No thread
/// writes what another one writes, and nothing is allocated but once per thread.
///
/// **Why a watcher that hangs does not hold up the unregistration of another in its list.** The
/// waiting thread also reads `round.current`. Alone that proves nothing: the store of it may still be
/// on its way while the thread has looked at [Watcher#isOpen] already. So, if the round does not end,
/// the waiting thread takes the stack of the other ([Thread#getStackTrace]), which in HotSpot is a
/// handshake: the other thread, at a safepoint poll or blocked, has made its stores visible, and
/// reads afresh what it reads afterwards. What `current` says then was true at the handshake. If it
/// is not the watcher that is being unregistered, the thread can't be in it, and will find it closed
/// when its turn comes. Only this, for lists with a watcher that hangs, rests on the JVM and not on
/// the language.
final class Callers {
    /// The callers whose threads were alive when the last one was added. The list is never changed
    /// but replaced, under the lock of this object.
    ///
    /// Weak, because a thread refers to what it ran: the ended thread of a lane to the watchers, any
    /// thread to its context class loader. While a thread is in a round, it holds its caller by its
    /// stack and by its thread-local variable, so no round gets out of sight.
    private volatile List<WeakReference<Caller>> all = List.of();

    private final ThreadLocal<Caller> current = ThreadLocal.withInitial(this::add);
    private final Clock clock;

    Callers(Clock clock) {
        this.clock = clock;
    }

    /// {@return the caller of this thread}
    Caller current() {
        return current.get();
    }

    private synchronized Caller add() {
        List<WeakReference<Caller>> alive = new ArrayList<>();
        BitSet slots = new BitSet();
        for (WeakReference<Caller> reference : all) {
            Caller other = reference.get();
            if (other != null && other.thread().isAlive()) {
                alive.add(reference);
                slots.set(other.slot());
            }
        }
        Caller caller = new Caller(Thread.currentThread(), slots.nextClearBit(0), clock);
        alive.add(new WeakReference<>(caller));
        all = List.copyOf(alive);
        return caller;
    }

    /// {@return the calls of some watchers that are in flight now, on any thread}
    List<Call> calls(Collection<Watcher> watchers) {
        return rounds(watchers).stream().filter(call -> call.isOf(watchers)).toList();
    }

    /// {@return the rounds of other threads in which one of some watchers was announced: they are in
    /// it, or may come to it}
    List<Call> roundsOfOthers(Collection<Watcher> watchers) {
        Thread self = Thread.currentThread();
        return rounds(watchers).stream().filter(call -> call.thread() != self).toList();
    }

    private List<Call> rounds(Collection<Watcher> watchers) {
        List<Call> rounds = new ArrayList<>();
        for (WeakReference<Caller> reference : all) {
            Caller caller = reference.get();
            if (caller != null) {
                caller.collect(watchers, rounds);
            }
        }
        return rounds;
    }

    /// A round of calls as it was at one moment.
    ///
    /// @param thread the thread that calls
    /// @param round its round
    /// @param announced the watchers of the round
    /// @param watcher the one whose turn it was, null if nobody's
    /// @param startNanos when its turn began, by the [Clock]
    record Call(
            Thread thread,
            Caller.Round round,
            Watcher[] announced,
            @Nullable Watcher watcher,
            long startNanos) {

        /// {@return whether it was the turn of one of these watchers}
        boolean isOf(Collection<Watcher> watchers) {
            return watcher != null && watchers.contains(watcher);
        }

        /// Makes sure where the thread is, by a handshake with it.
        ///
        /// @param closed watchers that were closed before
        /// @return whether it is in none of them, and so will not enter one in this round
        boolean isBeside(Collection<Watcher> closed) {
            thread.getStackTrace();
            Watcher now = round.current();
            return !round.isStill(announced) || now == null || !closed.contains(now);
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
