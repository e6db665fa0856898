// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.gate.impl;

import org.jspecify.annotations.Nullable;
import org.taskwatch.api.spi.Uncaught;
import org.taskwatch.linux.LinuxException;
import org.taskwatch.linux.SeccompListener;
import org.taskwatch.linux.SeccompListener.Notification;

import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/// Receives the calls that wait at one listener, and has each decided by the thread that has received it: in the common
/// case no other thread is woken for a call. One thread at a time receives, the *leader*. If it is slow to decide, another
/// one takes its place, so that a slow decision holds up nobody else's call.
///
/// The leader's state is [#deciding]. Only the leader puts a time there, when it has received a call; it takes that away
/// again when it has decided, and another thread takes it away to become the leader. Both do so by a
/// compare-and-set of that very time, so one of them succeeds, and that is the leader from then on. A time does not
/// come again before it is old enough to be taken away.
final class Receiver {
    /// How long a leader may decide before another one takes its place.
    static final long SLOW_NANOS = TimeUnit.MILLISECONDS.toNanos(10);

    /// How many calls may wait for their answer, and no further one be received, by one thread each. Threads that do
    /// not come back after their call was answered do not count.
    static final int MOST_UNANSWERED = 16;

    private static final long WAITING = 0;
    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(10);

    private final Listener listener;
    private final Owner owner;
    private final Executor threads;

    /// When the leader has received the call that it decides, by [System#nanoTime]; WAITING while it receives.
    private final AtomicLong deciding = new AtomicLong(WAITING);

    /// Who uses the listener: one is the leader, whichever thread it is, the others are the calls that were received and
    /// are not answered. It is closed when there is none.
    private final AtomicInteger users = new AtomicInteger(1);

    private volatile boolean isEnding;

    /// What is done with the calls. Called by the threads of the receiver.
    interface Owner {
        /// A call was received, and is to be answered. [#answered] must be called once for it, now or later, by
        /// any thread.
        ///
        /// @param nanos when, by [System#nanoTime]
        void decide(Notification call, long nanos);

        /// Receiving has failed, for now.
        void failed(Throwable e);

        /// The listener is closed; the last call that is made, by any thread.
        void closed();
    }

    /// Makes one.
    ///
    /// @param listener what it receives from, and closes
    /// @param owner decides
    /// @param threads has the threads, as many as are asked for
    Receiver(Listener listener, Owner owner, Executor threads) {
        this.listener = listener;
        this.owner = owner;
        this.threads = threads;
    }

    /// Begins to receive. If the system gives no thread for it, the listener is closed, and this throws.
    void start() {
        try {
            threads.execute(this::lead);
        } catch (RuntimeException | Error e) {
            release();
            throw e;
        }
    }

    /// Receives no further call, and closes the listener when those that were received are answered. The wait
    /// of the listener must have been ended.
    void end() {
        isEnding = true;
    }

    /// {@return how many calls were received and are not answered}
    int unanswered() {
        return Math.max(0, users.get() - 1);
    }

    /// Has another thread lead if the leader is slow. To be called every few milliseconds, while it returns true.
    ///
    /// @return whether the leader is deciding
    boolean relieve(long nanos) {
        long since = deciding.get();
        if (since == WAITING) {
            return false;
        }
        if (nanos - since >= SLOW_NANOS && (unanswered() < MOST_UNANSWERED || isEnding)) {
            // By the new thread itself: if the system gives none, the old one stays the leader.
            threads.execute(() -> {
                if (deciding.compareAndSet(since, WAITING)) {
                    lead();
                }
            });
        }
        return true;
    }

    private void lead() {
        while (true) {
            Notification call = next();
            if (call == null) {
                release();
                return;
            }
            long nanos = System.nanoTime() | 1; // never WAITING
            users.getAndIncrement();
            deciding.set(nanos);
            try {
                owner.decide(call, nanos);
            } catch (RuntimeException | Error e) {
                Uncaught.handle(e); // the tree needs a leader
            }
            if (!deciding.compareAndSet(nanos, WAITING)) {
                return; // another thread leads
            }
        }
    }

    /// {@return the next call; null if there will be none}
    private @Nullable Notification next() {
        while (!isEnding) {
            try {
                int events = listener.await();
                if ((events & SeccompListener.WOKEN) != 0) {
                    return null;
                }
                Notification call =
                        (events & SeccompListener.READABLE) == 0 ? null : listener.receive();
                if (call != null) {
                    return call;
                }
                if (events == SeccompListener.HANG_UP) {
                    return null;
                }
            } catch (LinuxException | RuntimeException | Error e) {
                owner.failed(e);
                LockSupport.parkNanos(PAUSE_NANOS); // it may fail at once again
            }
        }
        return null;
    }

    /// A call is answered.
    void answered() {
        release();
    }

    private void release() {
        if (users.decrementAndGet() == 0) {
            listener.close();
            owner.closed();
        }
    }
}
