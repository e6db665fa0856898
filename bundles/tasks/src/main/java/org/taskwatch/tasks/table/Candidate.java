// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.tasks.table;

import org.taskwatch.tasks.SourceInfo;
import org.taskwatch.tasks.SourceInfo.State;
import org.taskwatch.tasks.TaskSource;

/// A source that is there. State and counts are written by the pump thread and read by all.
final class Candidate {
    private final TaskSource source;
    private final int ranking;

    private volatile State state = State.STANDBY;
    private volatile String reason = "";
    private volatile long events;
    private volatile long lost;

    /// When to try again to open it, by [System#nanoTime]; the pump thread's own.
    private long retryNanos;

    Candidate(TaskSource source, int ranking) {
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
        events = 0;
        lost = 0;
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

    void count(long moreEvents, long moreLost) {
        events += moreEvents; // the pump thread is the only writer
        lost += moreLost;
    }

    SourceInfo info() {
        return new SourceInfo(
                source.name(), state, reason, source.limits(), events, lost, source.counters());
    }
}
