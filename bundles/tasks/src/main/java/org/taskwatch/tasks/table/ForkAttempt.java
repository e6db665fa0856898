// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.tasks.table;

import org.taskwatch.api.TaskNotification;
import org.taskwatch.tasks.Fork;

import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicReference;

/// One fork of a gated tree, with its task. Safe for all threads, but for [#overNanos].
///
/// Several may find out at once what becomes of it: the pump that a child of it was born or that it has
/// failed, the gate that it is refused, interrupted or closed. The one that makes its state OVER has the task
/// from then on, and tells its CLONE or its FREE; the others do nothing.
final class ForkAttempt implements Fork {
    /// An errno that is not known.
    static final int UNKNOWN = -1;

    /// The thread that forks waits as long. Mostly the pump answers in 0.1 ms.
    private static final long CATCH_UP_MILLIS = 5;

    private enum State {
        ASKED,
        ALLOWED,
        OVER
    }

    private final OpenForks open;
    private final CatchUps catchUps;
    private final ForkMatcher matcher;
    private final GateEvents events;
    private final LinuxTask task;
    private final int tid;
    private final int parentPid;
    private final long flags;
    private final long nanos;
    private final TaskNotification init;
    private final AtomicReference<State> state = new AtomicReference<>(State.ASKED);

    /// When it was asked for, and later when it was allowed again. Written by gates, read by the pump.
    private volatile long allowedNanos;

    /// When it was found that the thread is not in the call any more, by [System#nanoTime]. That holds unless it was
    /// allowed again since. The pump thread's own.
    long overNanos = Long.MIN_VALUE;

    ForkAttempt(
            OpenForks open,
            CatchUps catchUps,
            ForkMatcher matcher,
            GateEvents events,
            LinuxTask unborn,
            int tid,
            int parentPid,
            long flags,
            long nanos) {
        this.open = open;
        this.catchUps = catchUps;
        this.matcher = matcher;
        this.events = events;
        task = unborn;
        this.tid = tid;
        this.parentPid = parentPid;
        this.flags = flags;
        this.nanos = nanos;
        allowedNanos = nanos;
        init = events.init(unborn, flags);
    }

    /// {@return the thread that forks}
    int tid() {
        return tid;
    }

    /// {@return the process that the kernel will have as the parent of the child}
    int parentPid() {
        return parentPid;
    }

    /// {@return the flags of `clone(2)`}
    long flags() {
        return flags;
    }

    /// {@return when it was asked for, by [System#nanoTime]}
    long nanos() {
        return nanos;
    }

    /// {@return its task}
    LinuxTask task() {
        return task;
    }

    @Override
    public TaskNotification init() {
        return init;
    }

    /// {@return since when the thread may be in the call, by [System#nanoTime]}
    long allowedNanos() {
        return allowedNanos;
    }

    @Override
    public void allowed() {
        if (state.compareAndSet(State.ASKED, State.ALLOWED)) {
            open.add(this);
            if (!isAllowed()) { // ended meanwhile
                open.remove(this);
            }
        } else {
            allowedNanos = System.nanoTime();
        }
    }

    @Override
    public boolean isOpen() {
        if (!isAllowed()) {
            return false;
        }
        OptionalLong latest = matcher.latestFork(tid, nanos);
        return latest.isPresent()
                ? latest.getAsLong() < nanos
                : catchUps.await(CATCH_UP_MILLIS) && isAllowed();
    }

    private boolean isAllowed() {
        return state.get() == State.ALLOWED;
    }

    /// It is over, one way or the other.
    ///
    /// @return whether the caller has found that out, and is to tell it
    boolean end() {
        return state.getAndSet(State.OVER) != State.OVER;
    }

    @Override
    public void ended(int errno, String cause) {
        if (end()) {
            open.remove(this);
            events.freed(task, errno, cause);
        }
    }
}
