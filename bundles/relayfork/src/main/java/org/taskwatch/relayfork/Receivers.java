// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.relayfork;

import org.taskwatch.api.Errno;
import org.taskwatch.api.file.FileException;
import org.taskwatch.api.spi.Uncaught;
import org.taskwatch.linux.Signal;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;

/// The processes that are told of forks, and by which signal. Safe for all threads; takes no lock
/// that is held while somebody waits.
final class Receivers {
    /// How often a receiver with a full queue is tried again while there is no fork.
    private static final long RETRY_MS = 100;

    /// The most receivers: each costs a file descriptor, and a system call at each fork.
    private static final int MOST = 1024;

    private final ScheduledExecutorService timer;
    private final Runnable emptied;
    private final List<Receiver> receivers = new CopyOnWriteArrayList<>();

    // Written by threads that steer, read by those that tell.
    private volatile int signal = Signal.REAL_TIME_MIN;

    /// Whether the timer will try again.
    private final AtomicBoolean isRetrying = new AtomicBoolean();

    /// Makes an empty list.
    ///
    /// @param timer what tries again
    /// @param emptied run by the timer after the last has left by itself
    Receivers(ScheduledExecutorService timer, Runnable emptied) {
        this.timer = timer;
        this.emptied = emptied;
    }

    int signal() {
        return signal;
    }

    void signal(int number) {
        signal = number;
    }

    /// {@return how many there are, with those that have ended and are not dropped yet}
    int size() {
        return receivers.size();
    }

    boolean isEmpty() {
        return receivers.isEmpty();
    }

    /// Checks that one more may be added.
    ///
    /// @throws FileException ENOSPC if there are as many as may be
    void checkRoom() throws FileException {
        if (receivers.size() >= MOST) {
            throw new FileException(
                    Errno.ENOSPC,
                    "%d processes are told of forks, as many as may be: take some out"
                            .formatted(MOST));
        }
    }

    /// {@return those that are alive, in the order in which they came; the others are dropped}
    List<Receiver> living() {
        receivers.stream().filter(Receiver::isEnded).forEach(this::drop);
        return List.copyOf(receivers);
    }

    Optional<Receiver> find(int pid) {
        return living().stream().filter(r -> r.identity().pid() == pid).findFirst();
    }

    void add(Receiver receiver) {
        receivers.add(receiver);
    }

    /// Takes one out and closes it.
    void remove(Receiver receiver) {
        receivers.remove(receiver);
        receiver.close();
    }

    /// Tells all of a fork.
    ///
    /// @param parent the pid of the process that forked, 0 if it is not known
    /// @param child that of the new process
    /// @param uid the user of the new process
    /// @param epochNanos when it was
    void relay(int parent, int child, int uid, long epochNanos) {
        Signal fork = new Signal(signal, Signal.ASYNCIO, parent, uid, child);
        tell(receiver -> receiver.relay(fork, epochNanos));
    }

    /// Tells all receivers that forks are missing.
    ///
    /// @param count how many at most
    void miss(long count) {
        tell(receiver -> receiver.miss(signal, count));
    }

    /// Tells the receivers what they have missed, as far as there is room, and tries the others
    /// again until they have been told too.
    void tellMissed() {
        isRetrying.set(false);
        tell(receiver -> receiver.tellMissed(signal));
    }

    private void tell(Function<Receiver, Receiver.State> call) {
        boolean isBehind = false;
        for (Receiver receiver : receivers) {
            switch (call.apply(receiver)) {
                case TOLD -> {}
                case BEHIND -> isBehind = true;
                case GONE -> drop(receiver);
            }
        }
        if (isBehind) {
            retryLater();
        }
    }

    private void retryLater() {
        if (isRetrying.compareAndSet(false, true)) {
            timer.schedule(this::retry, RETRY_MS, TimeUnit.MILLISECONDS);
        }
    }

    /// The timer would keep what this throws to itself, and nobody would try again.
    private void retry() {
        try {
            tellMissed();
        } catch (RuntimeException | Error e) {
            Uncaught.handle(e);
            retryLater();
        }
    }

    private void drop(Receiver receiver) {
        remove(receiver);
        if (receivers.isEmpty()) {
            timer.execute(emptied);
        }
    }

    /// Takes all out.
    void close() {
        receivers.forEach(this::remove);
    }
}
