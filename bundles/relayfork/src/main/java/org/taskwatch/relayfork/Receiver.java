// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.relayfork;

import com.google.errorprone.annotations.concurrent.GuardedBy;

import org.taskwatch.linux.LinuxException;
import org.taskwatch.linux.Signal;

import java.lang.System.Logger.Level;
import java.util.concurrent.TimeUnit;

/// A process that is told of forks, and what it has missed. Safe for all threads.
///
/// After a signal that could not be queued, the next one says how many forks the process has
/// missed: so it knows where in the sequence they are missing.
final class Receiver implements AutoCloseable {
    /// The state of a receiver after a call.
    enum State {
        /// It has been told all.
        TOLD,
        /// It has missed something and not been told so yet: its queue is full.
        BEHIND,
        /// It has ended, or may not be signalled any more.
        GONE
    }

    private static final System.Logger LOG = System.getLogger(Receiver.class.getName());

    /// A fork that is told later than this after the registration happened after it, whatever its time:
    /// the clock of the day may have been set back.
    private static final long LAG_NANOS = TimeUnit.SECONDS.toNanos(2);

    @GuardedBy("this")
    private final Target target;

    private final SignalCounts counts;
    private final ProcessIdentity identity;
    private final long sinceNanos;
    private final long registeredNanos;

    @GuardedBy("this")
    private boolean isClosed;

    /// How many forks it has been told of.
    @GuardedBy("this")
    private long told;

    /// How many forks, or perhaps forks, it has missed in all.
    @GuardedBy("this")
    private long missed;

    /// Those of them that it has not been told to have missed.
    @GuardedBy("this")
    private long unsaid;

    /// Whether it has missed perhaps some that nobody has counted.
    @GuardedBy("this")
    private boolean hasGap;

    /// Makes a receiver that was registered before: it has a gap, which [#tellMissed] tells.
    ///
    /// @param target the process, closed with the receiver
    /// @param counts count for all receivers together
    Receiver(Target target, SignalCounts counts) {
        this(target, counts, 0, 0);
        hasGap = true;
    }

    /// Makes a receiver.
    ///
    /// @param target the process, closed with the receiver
    /// @param counts count for all receivers together
    /// @param sinceNanos forks before this time are not told, in nanoseconds since 1970
    /// @param registeredNanos the same time by [System#nanoTime]
    Receiver(Target target, SignalCounts counts, long sinceNanos, long registeredNanos) {
        this.target = target;
        this.counts = counts;
        this.identity = target.identity();
        this.sinceNanos = sinceNanos;
        this.registeredNanos = registeredNanos;
    }

    ProcessIdentity identity() {
        return identity;
    }

    /// Tells it of a fork, after what it has missed.
    ///
    /// @param fork the signal
    /// @param epochNanos when the fork was
    synchronized State relay(Signal fork, long epochNanos) {
        if (epochNanos < sinceNanos && System.nanoTime() - registeredNanos < LAG_NANOS) {
            return state();
        }
        State state = tellMissed(fork.number());
        if (state == State.TOLD) {
            state = send(fork);
            told += state == State.TOLD ? 1 : 0;
        }
        if (state == State.BEHIND) {
            missed++;
            unsaid++;
            counts.lost();
        }
        return state;
    }

    /// Tells it, now or as soon as there is room, that it has missed forks.
    ///
    /// @param number the signal
    /// @param count how many at most
    synchronized State miss(int number, long count) {
        missed += count;
        unsaid += count;
        return tellMissed(number);
    }

    /// Tells it what it has missed, if it has.
    ///
    /// @param number the signal
    synchronized State tellMissed(int number) {
        if (state() != State.BEHIND) {
            return state();
        }
        int count = hasGap ? 0 : (int) Math.min(unsaid, Integer.MAX_VALUE);
        State state = send(new Signal(number, Signal.QUEUE, 0, 0, count));
        if (state == State.TOLD) {
            unsaid = 0;
            hasGap = false;
        }
        return state;
    }

    @GuardedBy("this")
    private State state() {
        if (isClosed) {
            return State.GONE;
        }
        return hasGap || unsaid > 0 ? State.BEHIND : State.TOLD;
    }

    @GuardedBy("this")
    private State send(Signal signal) {
        try {
            if (!target.send(signal)) {
                return State.BEHIND;
            }
            counts.sent();
            return State.TOLD;
        } catch (LinuxException e) {
            if (e.errno() != LinuxException.ESRCH) {
                counts.failed();
                LOG.log(
                        Level.WARNING,
                        "Process {0} is not told of forks any more: {1}",
                        String.valueOf(identity.pid()),
                        e.getMessage());
            }
            return State.GONE;
        }
    }

    /// {@return whether its process has exited}
    synchronized boolean isEnded() {
        return isClosed || target.isEnded();
    }

    /// {@return how many forks it has been told of}
    synchronized long told() {
        return told;
    }

    /// {@return how many it has missed, at most}
    synchronized long missed() {
        return missed;
    }

    @Override
    public synchronized void close() {
        if (!isClosed) {
            isClosed = true;
            target.close();
        }
    }
}
