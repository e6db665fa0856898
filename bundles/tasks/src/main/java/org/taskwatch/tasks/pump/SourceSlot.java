// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.tasks.pump;

import org.taskwatch.api.Loss;
import org.taskwatch.source.TaskSource;
import org.taskwatch.tasks.SourceInfo;
import org.taskwatch.tasks.SourceInfo.State;

/// A source that is there. State and meter are written by the pump thread and read by all.
final class SourceSlot {
    private final TaskSource source;
    private final int ranking;

    private volatile State state = State.STANDBY;
    private volatile String reason = "";
    private volatile Meter meter = new Meter();

    /// When to try again to open it, by [System#nanoTime]; the pump thread's own.
    private long retryNanos;

    SourceSlot(TaskSource source, int ranking) {
        this.source = source;
        this.ranking = ranking;
    }

    TaskSource source() {
        return source;
    }

    int ranking() {
        return ranking;
    }

    String reason() {
        return reason;
    }

    boolean isWorthTrying(long now) {
        return state != State.UNAVAILABLE || now - retryNanos >= 0;
    }

    void active() {
        reason = "";
        meter = new Meter();
        state = State.ACTIVE;
    }

    void standby() {
        state = State.STANDBY;
    }

    void unavailable(String why, long nextTryNanos) {
        reason = why;
        retryNanos = nextTryNanos;
        state = State.UNAVAILABLE;
    }

    /// {@return the meter, which the pump writes while this source is active}
    Meter meter() {
        return meter;
    }

    SourceInfo info() {
        Meter current = meter;
        Loss lost = current.lost();
        return new SourceInfo(
                source.name(),
                state,
                reason,
                source.limits(),
                current.events(),
                current.latency.latency(),
                lost == null ? 0 : lost.count(),
                lost == null ? null : lost.since(),
                source.counters(),
                source.hooks());
    }
}
