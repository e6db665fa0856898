// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.relayfork;

import org.jspecify.annotations.Nullable;
import org.taskwatch.api.Loss;
import org.taskwatch.api.tool.Counter;

import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;

/// What became of the signals to all receivers, with those that have gone since. Safe for all threads.
final class SignalCounts {
    private final AtomicLong sent = new AtomicLong();
    private final AtomicLong failed = new AtomicLong();
    private final AtomicLong lost = new AtomicLong();

    /// Written before the first is counted as lost.
    private final AtomicReference<@Nullable Instant> lostSince = new AtomicReference<>();

    /// Takes note that a signal was put into the queue of its receiver.
    void sent() {
        sent.incrementAndGet();
    }

    /// Takes note that a receiver may not be signalled.
    void failed() {
        failed.incrementAndGet();
    }

    /// Takes note that a fork is not told to a receiver, as its queue is full.
    void lost() {
        if (lostSince.get() == null) {
            lostSince.compareAndSet(null, Instant.now());
        }
        lost.incrementAndGet();
    }

    /// {@return them as they are now}
    List<Counter> counters() {
        long count = lost.get(); // before the time: so there is one, if there is any
        return List.of(
                new Counter("relayfork_signals_sent_total", sent.get()),
                new Counter("relayfork_signals_failed_total", failed.get()),
                Counter.lost(
                        Loss.Place.READER,
                        "relayfork",
                        count,
                        count == 0 ? null : lostSince.get()));
    }
}
