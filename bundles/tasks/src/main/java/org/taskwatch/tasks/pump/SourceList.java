// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.tasks.pump;

import org.jspecify.annotations.Nullable;
import org.taskwatch.source.TaskSource;
import org.taskwatch.tasks.SourceInfo;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;

/// The sources that are there, and which of them the pump uses.
///
/// A source may go while the pump is inside it. [#remove] takes it off the list, so that the pump
/// does not begin with it again, and then waits until the pump has let it go: the pump says with
/// [#use], under the same lock, what it holds. No source is called under the lock. A change ends the
/// receive that the pump may be in.
final class SourceList {
    private static final System.Logger LOG = System.getLogger(SourceList.class.getName());

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();

    /// Guarded by lock; the list is replaced, never changed.
    private List<SourceSlot> best = List.of();

    /// Guarded by lock: how often the list has changed.
    private int version;

    /// Guarded by lock: the sources that the pump may be inside of.
    private List<SourceSlot> held = List.of();

    /// Takes a source in; every source that could not be opened is worth another try.
    void add(TaskSource source, int ranking) {
        lock.lock();
        try {
            List<SourceSlot> next = new ArrayList<>(best);
            next.add(new SourceSlot(source, ranking));
            next.sort(Comparator.comparingInt(SourceSlot::ranking).reversed());
            replace(next);
        } finally {
            lock.unlock();
        }
        endReceive();
    }

    /// Takes a source off.
    ///
    /// @return whether the pump no longer uses it; false if that took longer than the time
    boolean remove(TaskSource source, long timeout, TimeUnit unit) throws InterruptedException {
        lock.lock();
        try {
            List<SourceSlot> next = new ArrayList<>(best);
            next.removeIf(candidate -> candidate.source() == source);
            replace(next);
        } finally {
            lock.unlock();
        }
        endReceive();
        return awaitRelease(source, unit.toNanos(timeout));
    }

    private boolean awaitRelease(TaskSource source, long timeoutNanos) throws InterruptedException {
        lock.lock();
        try {
            long nanos = timeoutNanos;
            while (isHeld(source)) {
                if (nanos <= 0) {
                    return false;
                }
                nanos = changed.awaitNanos(nanos);
            }
            return true;
        } finally {
            lock.unlock();
        }
    }

    private boolean isHeld(TaskSource source) {
        return held.stream().anyMatch(candidate -> candidate.source() == source);
    }

    private void replace(List<SourceSlot> next) {
        best = List.copyOf(next);
        version++;
        changed.signalAll();
    }

    /// {@return the sources that are there, the best first}
    List<SourceSlot> best() {
        lock.lock();
        try {
            return best;
        } finally {
            lock.unlock();
        }
    }

    int version() {
        lock.lock();
        try {
            return version;
        } finally {
            lock.unlock();
        }
    }

    /// Says what the pump uses from now on.
    ///
    /// @param active the source that it reads, null if none
    /// @param opening another one that it is about to open, null if none
    /// @return false, and nothing is changed, if `opening` is no longer there
    boolean use(@Nullable SourceSlot active, @Nullable SourceSlot opening) {
        lock.lock();
        try {
            if (opening != null && !best.contains(opening)) {
                return false;
            }
            List<SourceSlot> next = new ArrayList<>(2);
            if (active != null) {
                next.add(active);
            }
            if (opening != null) {
                next.add(opening);
            }
            held = next;
            changed.signalAll();
            return true;
        } finally {
            lock.unlock();
        }
    }

    /// Waits until the list has another version than the given one, or the time is over.
    ///
    /// @param isWoken ends the wait too: it is asked again after each [#endReceive]
    void awaitChange(int seen, long timeout, TimeUnit unit, BooleanSupplier isWoken)
            throws InterruptedException {
        lock.lock();
        try {
            long nanos = unit.toNanos(timeout);
            while (version == seen && !isWoken.getAsBoolean() && nanos > 0) {
                nanos = changed.awaitNanos(nanos);
            }
        } finally {
            lock.unlock();
        }
    }

    /// Wakes all that wait for a change.
    void wake() {
        lock.lock();
        try {
            replace(best);
        } finally {
            lock.unlock();
        }
        endReceive();
    }

    /// Makes the pump return from the source that it is waiting in, or look whether it was woken while it
    /// waits for one.
    void endReceive() {
        List<SourceSlot> inside;
        lock.lock();
        try {
            inside = held;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        for (SourceSlot candidate : inside) {
            try {
                candidate.source().wake();
            } catch (RuntimeException | LinkageError e) { // then the pump comes a little later
                LOG.log(
                        System.Logger.Level.WARNING,
                        "The source " + candidate.source().name() + " could not be woken",
                        e);
            }
        }
    }

    List<SourceInfo> sources() {
        return best().stream().map(SourceSlot::info).toList();
    }
}
