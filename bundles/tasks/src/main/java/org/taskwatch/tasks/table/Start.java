// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.tasks.table;

import org.taskwatch.api.TaskIdentity;
import org.taskwatch.api.TaskNotification;

import java.time.Instant;

/// When a task has started, and how well that is known. Immutable.
///
/// @param nanos when, in nanoseconds of CLOCK_BOOTTIME
/// @param earlyNanos by how much it may have been earlier
/// @param lateNanos by how much it may have been later
/// @param epochNanos the same time in nanoseconds since 1970
record Start(long nanos, int earlyNanos, int lateNanos, long epochNanos) {
    /// The kernel reports a fork a little after the start that it has noted, later if it is preempted in
    /// between. Two starts of one tid nearer than this are one: a tid can't come again sooner than it
    /// takes to fork once round all pids: 32768, the smallest usual pid_max, at 80,000 forks/s is 400 ms.
    private static final int REPORT_NANOS = 100_000_000;

    private static final int TICK_NANOS = (int) TaskIdentity.TICK_NANOS;

    /// {@return the start that the kernel has noted}
    static Start exact(long nanos, long epochNanos) {
        return new Start(nanos, 0, 0, epochNanos);
    }

    /// {@return the start of a task whose fork was reported then} How long the machine has slept is known
    /// to a tick, so it may also be that much later.
    static Start reported(long nanos, long epochNanos) {
        return new Start(nanos, REPORT_NANOS, TICK_NANOS, epochNanos);
    }

    /// {@return the start that `/proc` shows}
    static Start tick(long nanos, long epochNanos) {
        return new Start(nanos, 0, TICK_NANOS - 1, epochNanos);
    }

    /// {@return whether this may be the same as another}
    boolean isSame(Start other) {
        return nanos - earlyNanos <= other.nanos + other.lateNanos
                && other.nanos - other.earlyNanos <= nanos + lateNanos;
    }

    /// {@return whether this may be what `/proc` shows}
    boolean isTick(long tickNanos) {
        return nanos - earlyNanos <= tickNanos + TICK_NANOS - 1 && tickNanos <= nanos + lateNanos;
    }

    TaskIdentity identity(int tid) {
        return new TaskIdentity(tid, nanos - earlyNanos, nanos + lateNanos);
    }

    Instant time() {
        return TaskNotification.instant(epochNanos);
    }
}
