// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.core.call;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collection;
import java.util.List;

/// The threads that call watchers, and with them the reference count per call: safe memory
/// reclamation, where what is reclaimed is not memory but the right to stop using a watcher's
/// bundle. Readers take no lock and wait for nobody; who takes something out waits for a *grace
/// period*, until each thread that may still use it has ended what it was doing.
///
/// **Words.** A [Callee] is what is protected, here a watcher. Each list of callees that is
/// published begins an *epoch*, a number that rises ([Epochs]). A thread *announces* the epoch of
/// the list that it has read for as long as it calls its callees: one *round*. A callee is in the
/// lists of all epochs from its first to the one in which it was closed.
///
/// **The states of a call.** A thread makes one round for each list, and in it takes the turns of
/// the callees in order; it never goes back, except to the beginning:
///
///     outside -> announced -> turn of w1 -> turn of w2 ... -> outside
///                             (a turn of a closed one is passed over)
///
/// **Why no thread enters a callee after its grace period.** A thread announces the epoch once, and
/// then checks before each call whether the callee is still open. The reclaiming thread closes the
/// callee, and then reads the announcements. It is Dekker's protocol, with one announcement for
/// many callees:
///
///     calling thread                            reclaiming thread
///     1  round.epoch = epoch of the list        a  w.open = false
///     2  if (!w.open) pass it over              b  read every round: wait while w may be in its list
///     3  call w                                 c  the grace period is over
///     4  round.epoch = NONE
///
/// 1, 2, a and b are volatile accesses, so they have one total order that all threads agree upon
/// (JLS 17.4.4). If 2 finds w open, 2 comes before a in it; then 1 comes before b, and b finds the
/// announcement and waits for 4. If a comes before 2, w is not called. There is no third case. A
/// thread that has never called before adds its [Caller] to the list before 1, by a volatile write;
/// if b does not find the caller there, that write, and so 2, come after a. 4 is a release write:
/// what the calls did happens before the waiting thread goes on.
///
/// The wait ends however many rounds follow: the epochs rise, a closed callee is in no later
/// list, and [Callee#mayBeIn] knows the last epoch that it can be in. (When a module goes away,
/// all its queued watchers stay open until the entry that its lane has begun is delivered; there it
/// is the lane that begins no other.)
///
/// A round costs one store with a fence, however many callees it calls. No thread writes what
/// another one writes, and nothing is allocated except once per thread.
///
/// **Why a callee that hangs does not hold up the grace period of another in its list.** The
/// waiting thread also reads `round.turn`. Alone that proves nothing: the store to it may still be
/// on its way when the other thread has already looked at [Callee#isOpen]. So, if the round does
/// not end, the waiting thread takes the stack of the other ([Thread#getStackTrace]), which in
/// HotSpot is a handshake: the other thread, at a safepoint poll or blocked, has made its stores
/// visible, and reads afresh what it reads afterwards. What `turn` says then was true at the
/// handshake. If it is not the callee that is being reclaimed, the thread can't be in it, and
/// will find it closed when its turn comes. Only this case, a list with a callee that hangs,
/// relies on the JVM and not on the language.
///
/// **Where it comes from.** The grace period is that of read-copy update (McKenney and Slingwine,
/// *Read-Copy Update: Using Execution History to Solve Concurrency Problems*, PDCS 1998); that
/// readers announce an epoch is epoch-based reclamation (Fraser, *Practical Lock-Freedom*, UCAM-CL-
/// TR-579, 2004, 5.2.3). There a reader that hangs holds up all reclamation. To announce, and then
/// look again at what is to be used, is the way of hazard pointers (Michael, IEEE TPDS 15(6), 2004);
/// to compare the announced epoch with the first and the last of an object, so that a reader holds
/// up only what it may use, that of hazard eras (Ramalhete and Correia, SPAA 2017). Store, fence,
/// load on both sides is Dekker's (Dijkstra, *Cooperating Sequential Processes*, EWD 123, 1965). The
/// handshake is that of JEP 312, and does here what `membarrier(2)` does for user-space RCU.
public final class Callers {
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

    /// Makes one without any thread.
    ///
    /// @param clock tells when calls have begun
    public Callers(Clock clock) {
        this.clock = clock;
    }

    /// {@return the caller of this thread}
    public Caller current() {
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

    /// {@return the calls of some callees that are in flight now, on any thread}
    ///
    /// @param <C> their type
    /// @param sought the callees
    public <C extends Callee> List<Call<C>> calls(Collection<C> sought) {
        return rounds(sought).stream().filter(Call::isInFlight).toList();
    }

    /// {@return the rounds of other threads that have announced one of some callees: they are in a
    /// call of it, or may come to one}
    ///
    /// @param <C> their type
    /// @param sought the callees
    public <C extends Callee> List<Call<C>> roundsOfOthers(Collection<C> sought) {
        Thread self = Thread.currentThread();
        return rounds(sought).stream().filter(call -> call.thread() != self).toList();
    }

    /// Lets late turns of any thread be taken over. Called by the watchdog.
    ///
    /// @return whether any thread is at some
    boolean look(long now, long deadlineNanos) {
        boolean isAnyAtIt = false;
        for (Caller caller : all) {
            isAnyAtIt |= caller.look(now, deadlineNanos);
        }
        return isAnyAtIt;
    }

    private <C extends Callee> List<Call<C>> rounds(Collection<C> sought) {
        List<Call<C>> rounds = new ArrayList<>();
        all.forEach(caller -> caller.collect(sought, rounds));
        return rounds;
    }
}
