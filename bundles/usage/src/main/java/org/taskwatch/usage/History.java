// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.usage;

import com.google.errorprone.annotations.concurrent.GuardedBy;

import org.taskwatch.api.TaskDetails;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/// The sums of the whole time, of the last hours and of the last minutes. What happens is added to the present minute
/// alone; when that is over, it is added to the others. So their size is bounded, and so is what an event costs. Safe
/// for all threads.
final class History {
    private static final long MINUTE = TimeUnit.MINUTES.toNanos(1);
    private static final long HOUR = TimeUnit.HOURS.toNanos(1);
    private static final int MINUTES = 60;
    static final int HOURS = 48;

    private final LongSupplier clock;

    /// Without the present minute, as the next two.
    @GuardedBy("this")
    private final Period whole;

    @GuardedBy("this")
    private final Deque<Period> hours = new ArrayDeque<>();

    @GuardedBy("this")
    private final Deque<Period> minutes = new ArrayDeque<>();

    @GuardedBy("this")
    private Period present;

    /// Begins to count.
    ///
    /// @param clock the time in nanoseconds, which goes on
    History(LongSupplier clock) {
        this.clock = clock;
        whole = new Period(clock.getAsLong());
        present = new Period(whole.start());
    }

    /// Adds a process that has ended.
    synchronized void add(TaskDetails process) {
        long now = clock.getAsLong();
        turn(now);
        present.add(now, process);
    }

    /// Adds events that were lost.
    synchronized void lose(long count) {
        long now = clock.getAsLong();
        turn(now);
        present.lose(now, count);
    }

    @GuardedBy("this")
    private void turn(long now) {
        if (now - present.start() < MINUTE) {
            return;
        }
        whole.add(present);
        keep(minutes, present, MINUTES);
        Period hour = hours.peekLast();
        if (hour == null || present.start() - hour.start() >= HOUR) {
            hour = new Period(present.start());
            keep(hours, hour, HOURS);
        }
        hour.add(present);
        present = new Period(now);
    }

    private static void keep(Deque<Period> periods, Period next, int most) {
        if (periods.size() == most) {
            periods.removeFirst();
        }
        periods.addLast(next);
    }

    /// {@return a copy of the sums of the whole time}
    synchronized Period all() {
        Period all = new Period(whole.start());
        all.add(whole);
        all.add(present);
        return all;
    }

    /// {@return a copy of the sums of the last time}
    ///
    /// @param nanos how long that is
    /// @throws IllegalArgumentException if it is longer than hours are kept, and than it was counted
    synchronized Period last(long nanos) {
        long from = clock.getAsLong() - nanos;
        if (from <= whole.start()) {
            return all();
        } else if (nanos > HOURS * HOUR) {
            throw new IllegalArgumentException(
                    "at most %d hours are remembered one by one".formatted(HOURS));
        }
        Deque<Period> kept = nanos > MINUTES * MINUTE ? hours : minutes;
        long start = Math.min(from, present.start());
        for (Period each : kept.reversed()) {
            start = each.end() >= from ? Math.min(start, each.start()) : start;
        }
        Period last = new Period(start);
        kept.stream().filter(each -> each.end() >= from).forEach(last::add);
        last.add(present);
        return last;
    }
}
