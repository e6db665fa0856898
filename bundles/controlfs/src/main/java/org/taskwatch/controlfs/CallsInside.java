// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.controlfs;

import com.google.errorprone.annotations.concurrent.GuardedBy;

import org.taskwatch.api.Errno;

import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// The calls inside a bundle through one file, and the door that is shut when the file goes.
///
/// Entering and shutting take the same lock for a few steps, so a call either gets in first, and
/// shutting waits for it, or does not get in. The lock is never held while the bundle is called.
final class CallsInside {
    private static final System.Logger LOG = System.getLogger(CallsInside.class.getName());

    /// How often a wait logs what it waits for.
    private static final Duration REPORT_EVERY = Duration.ofSeconds(3);

    private final String path;

    @GuardedBy("this")
    private final Set<Call> calls = new HashSet<>();

    @GuardedBy("this")
    private boolean shut;

    /// Opens the door.
    ///
    /// @param path of the file, for messages
    CallsInside(String path) {
        this.path = path;
    }

    /// {@return whether a call, on this thread, is inside now: false if the door is shut}
    synchronized boolean enter(Call call) {
        if (!shut) {
            calls.add(call);
            call.begin();
        }
        return !shut;
    }

    /// Counts a call that needs no open door, begun or not: one that closes an open file.
    synchronized void add(Call call) {
        calls.add(call);
    }

    synchronized void exit(Call call) {
        call.end();
        remove(call);
    }

    /// Takes back a call that was added and has not begun.
    synchronized void remove(Call call) {
        calls.remove(call);
        notifyAll();
    }

    synchronized boolean isShut() {
        return shut;
    }

    /// Lets no call in from now on, and interrupts those that are inside.
    void shut() {
        List<Call> inside;
        synchronized (this) {
            shut = true;
            inside = others();
        }
        inside.forEach(Call::interrupt);
    }

    /// Waits until no call is inside, except those by this very thread: it would wait for itself.
    /// At the deadline, the clients of those that are inside still get ENODEV.
    ///
    /// @param startNanos when the wait began, by [System#nanoTime]
    /// @param deadline how long it goes on from then at most; zero is for ever
    synchronized void await(long startNanos, Duration deadline) {
        boolean interrupted = false;
        Duration nextReport = REPORT_EVERY;
        for (List<Call> others = others(); !others.isEmpty(); others = others()) {
            Duration waited = Duration.ofNanos(System.nanoTime() - startNanos);
            if (deadline.isPositive() && waited.compareTo(deadline) >= 0) {
                LOG.log(Level.ERROR, "file {0}: unloaded while inside is still {1}", path, others);
                others.forEach(call -> call.abandon(Errno.ENODEV));
                break;
            }
            if (waited.compareTo(nextReport) >= 0) {
                LOG.log(Level.WARNING, "file {0}: its unloading waits for {1}", path, others);
                nextReport = waited.plus(REPORT_EVERY);
            }
            Duration until =
                    deadline.isPositive() && deadline.compareTo(nextReport) < 0
                            ? deadline
                            : nextReport;
            try {
                wait(until.minus(waited).toMillis() + 1);
            } catch (InterruptedException _) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    @GuardedBy("this")
    private List<Call> others() {
        return calls.stream().filter(call -> !call.isOwn()).toList();
    }
}
