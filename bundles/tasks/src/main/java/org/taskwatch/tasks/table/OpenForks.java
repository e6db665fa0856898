// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.tasks.table;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;

/// The forks that were allowed and of which nothing is known yet, by the thread that forks. Safe for all
/// threads: gates add to it, the pump takes out.
///
/// **The pump wakes in time.** While it attends to forks it comes back soon by itself; else the first one that is
/// added wakes it. It says that it attends no more, and then looks whether one was added; who adds one
/// looks after that whether it attends. All of these are volatile, so one of the two sees the other.
///
/// **Bound.** Mostly as many are open as the forks of all gates that have been made since the pump has last read
/// its source, and those that have failed within some 40 ms. While the pump is held up these are
/// [#MOST_OF_THREAD] of each thread, and [#MOST] in all, each of some 400 bytes.
final class OpenForks {
    /// As many as one thread makes in 0.1 s.
    static final int MOST_OF_THREAD = 1024;

    static final int MOST = 65_536;

    private static final String NOT_KNOWN = "it is not known what has become of the fork: ";

    private final Runnable whenUnattended;

    /// Of each thread that has any, in the order of time; a list is replaced, never changed.
    private final Map<Integer, List<ForkAttempt>> byThread = new ConcurrentHashMap<>();

    /// How many there are, those that are just being added or taken out included.
    private final AtomicInteger size = new AtomicInteger();

    private volatile boolean isAttended;
    private volatile boolean isClosed;

    /// Makes an empty one.
    ///
    /// @param whenUnattended is run if one is added while the pump does not attend
    OpenForks(Runnable whenUnattended) {
        this.whenUnattended = whenUnattended;
    }

    boolean isEmpty() {
        return size.get() == 0;
    }

    /// The pump attends from now on, or no more.
    void attend(boolean isTrue) {
        isAttended = isTrue;
    }

    /// Takes one in, which is later than those of the same thread that are there.
    void add(ForkAttempt fork) {
        if (size.getAndIncrement() >= MOST) {
            size.getAndDecrement();
            endAll(List.of(fork), NOT_KNOWN + "the instance is held up");
            return;
        }
        List<ForkAttempt> tooMany = new ArrayList<>();
        byThread.merge(
                fork.tid(),
                List.of(fork),
                (before, one) -> {
                    if (before.size() < MOST_OF_THREAD) {
                        List<ForkAttempt> all = new ArrayList<>(before);
                        all.addAll(one);
                        return all;
                    }
                    tooMany.addAll(before);
                    return one;
                });
        size.getAndAdd(-tooMany.size());
        endAll(tooMany, NOT_KNOWN + "the thread forks too fast");
        if (isClosed) {
            close();
        }
        if (!isAttended) {
            isAttended = true;
            whenUnattended.run();
        }
    }

    void remove(ForkAttempt fork) {
        take(fork.tid(), one -> one == fork);
    }

    /// Takes out those of a thread that were asked for until a time.
    ///
    /// @return these, in the order of time
    List<ForkAttempt> takeUntil(int tid, long nanos) {
        return take(tid, fork -> fork.nanos() - nanos <= 0);
    }

    private List<ForkAttempt> take(int tid, Predicate<ForkAttempt> isTaken) {
        List<ForkAttempt> taken = new ArrayList<>(1);
        byThread.computeIfPresent(
                tid,
                (_, all) -> {
                    List<ForkAttempt> left = new ArrayList<>(0);
                    all.forEach(fork -> (isTaken.test(fork) ? taken : left).add(fork));
                    return left.isEmpty() ? null : left;
                });
        size.getAndAdd(-taken.size());
        return taken;
    }

    /// {@return the latest of some that was asked for until a time, null if there is none} It stays here.
    @Nullable ForkAttempt latest(Predicate<ForkAttempt> isMeant, long nanos) {
        ForkAttempt latest = null;
        for (ForkAttempt fork : all()) {
            if (fork.nanos() - nanos <= 0
                    && (latest == null || fork.nanos() - latest.nanos() > 0)
                    && isMeant.test(fork)) {
                latest = fork;
            }
        }
        return latest;
    }

    /// {@return all that are there now}
    List<ForkAttempt> all() {
        List<ForkAttempt> all = new ArrayList<>();
        byThread.values().forEach(all::addAll);
        return all;
    }

    /// It will not be known what becomes of those that are there.
    ///
    /// @param cause why
    void endAll(String cause) {
        endAll(all(), cause);
    }

    private static void endAll(List<ForkAttempt> forks, String cause) {
        forks.forEach(fork -> fork.ended(ForkAttempt.UNKNOWN, cause));
    }

    /// Ends all that are there and those that are added later.
    void close() {
        isClosed = true;
        endAll("the instance does not watch tasks any more");
    }
}
