// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.shell.top;

import com.google.errorprone.annotations.concurrent.GuardedBy;

import org.jspecify.annotations.Nullable;
import org.taskwatch.api.Loss;
import org.taskwatch.api.Task;
import org.taskwatch.api.TaskNotification;
import org.taskwatch.api.TaskNotification.Origin;
import org.taskwatch.api.TaskWatcher;
import org.taskwatch.api.Verdict;
import org.taskwatch.shell.TaskText;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/// What processes have done in the last ten seconds: how often each has forked, and how long those
/// that have exited had lived. Threads are left out.
///
/// A watcher of CLONE and EXIT. Safe for all threads; the lock is held for a few steps only, and for
/// one look.
final class Activity implements TaskWatcher {
    /// How many seconds are looked at, the present one with them.
    static final int SECONDS = 10;

    /// How many forkers are told apart in one second. A chain of processes that fork once each
    /// would fill the memory.
    static final int MAX_FORKERS = 4096;

    /// How many names are told apart in one second. A process can give itself a new one each time.
    static final int MAX_NAMES = 1024;

    /// What stands for the others.
    static final String OTHER_NAMES = "(others)";

    private final LongSupplier clock;
    private final long startNanos;

    /// The oldest first; seconds in which nothing happened are not in it.
    @GuardedBy("this")
    private final Deque<Second> seconds = new ArrayDeque<>();

    /// How many events were lost since the beginning.
    @GuardedBy("this")
    private long lost;

    /// One second, by number on the clock.
    private static final class Second {
        final long number;
        final Map<Task, Long> forks = new HashMap<>();
        final Map<String, List<Long>> livesNanos = new HashMap<>();

        /// Forks of processes that are not in the map: it is full, or they are not known.
        long otherForks;

        Second(long number) {
            this.number = number;
        }

        void lived(String comm, long nanos) {
            boolean isKept = livesNanos.size() < MAX_NAMES || livesNanos.containsKey(comm);
            livesNanos
                    .computeIfAbsent(isKept ? comm : OTHER_NAMES, _ -> new ArrayList<>())
                    .add(nanos);
        }
    }

    /// A process that has forked.
    ///
    /// @param process the process
    /// @param forks how often
    record Forker(Task process, long forks) {}

    /// How long processes of one name have lived.
    ///
    /// @param comm their name when they exited
    /// @param count how many have exited
    /// @param shortest the shortest life
    /// @param median the life of the one in the middle, the upper one of two
    record Lives(String comm, int count, Duration shortest, Duration median) {}

    /// What has happened.
    ///
    /// @param elapsed the time in which it has happened
    /// @param forkers the processes that have forked, the busiest first
    /// @param otherForks forks of others than these
    /// @param lives the lives that have ended, the shortest median first
    /// @param lost how many events were lost since the beginning: it may have been more
    record View(
            Duration elapsed,
            List<Forker> forkers,
            long otherForks,
            List<Lives> lives,
            long lost) {}

    /// Begins to look.
    ///
    /// @param clock tells nanoseconds, as [System#nanoTime]
    Activity(LongSupplier clock) {
        this.clock = clock;
        startNanos = clock.getAsLong();
    }

    @Override
    public Verdict notify(TaskNotification notification) {
        if (!notification.task().isThread()) {
            switch (notification.event()) {
                case CLONE -> forked(notification.task().parent());
                case EXIT -> exited(notification);
                default -> {}
            }
        }
        return Verdict.ALLOW;
    }

    @Override
    public synchronized void lost(Loss loss) {
        lost += loss.count();
    }

    private synchronized void forked(@Nullable Task parent) {
        Second second = present();
        if (parent != null
                && (second.forks.size() < MAX_FORKERS || second.forks.containsKey(parent))) {
            second.forks.merge(parent, 1L, Long::sum);
        } else {
            second.otherForks++;
        }
    }

    /// When an exit that was found by comparison has happened is not known.
    private synchronized void exited(TaskNotification exit) {
        if (exit.origin() == Origin.OBSERVED) {
            Duration life = Duration.between(exit.task().start(), exit.time());
            present().lived(TaskText.comm(exit.details()), Math.max(0, life.toNanos()));
        }
    }

    @GuardedBy("this")
    private Second present() {
        long number = forget();
        Second last = seconds.peekLast();
        if (last == null || last.number != number) {
            last = new Second(number);
            seconds.add(last);
        }
        return last;
    }

    /// Drops what is too old.
    ///
    /// @return the number of the present second
    @GuardedBy("this")
    private long forget() {
        long number = TimeUnit.NANOSECONDS.toSeconds(clock.getAsLong() - startNanos);
        while (!seconds.isEmpty() && seconds.getFirst().number <= number - SECONDS) {
            seconds.removeFirst();
        }
        return number;
    }

    /// {@return what has happened until now}
    synchronized View view() {
        long oldest = Math.max(0, forget() - SECONDS + 1);
        Map<Task, Long> forks = new HashMap<>();
        Map<String, List<Long>> lives = new HashMap<>();
        long others = 0;
        for (Second second : seconds) {
            second.forks.forEach((parent, count) -> forks.merge(parent, count, Long::sum));
            second.livesNanos.forEach((comm, some) ->
                    lives.computeIfAbsent(comm, _ -> new ArrayList<>()).addAll(some));
            others += second.otherForks;
        }
        long elapsed = clock.getAsLong() - startNanos - TimeUnit.SECONDS.toNanos(oldest);
        return new View(Duration.ofNanos(elapsed), busiest(forks), others, shortest(lives), lost);
    }

    private static List<Forker> busiest(Map<Task, Long> forks) {
        return forks.entrySet().stream()
                .map(entry -> new Forker(entry.getKey(), entry.getValue()))
                .sorted(Comparator.comparingLong(Forker::forks).reversed())
                .toList();
    }

    private static List<Lives> shortest(Map<String, List<Long>> livesNanos) {
        return livesNanos.entrySet().stream()
                .map(entry -> lives(entry.getKey(), entry.getValue()))
                .sorted(Comparator.comparing(Lives::median))
                .toList();
    }

    private static Lives lives(String comm, List<Long> nanos) {
        List<Long> sorted = nanos.stream().sorted().toList();
        return new Lives(
                comm,
                sorted.size(),
                Duration.ofNanos(sorted.getFirst()),
                Duration.ofNanos(sorted.get(sorted.size() / 2)));
    }
}
