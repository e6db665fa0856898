// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.kmonitor;

import org.jspecify.annotations.Nullable;
import org.taskwatch.api.Loss;
import org.taskwatch.api.tool.Counter;

import java.time.Instant;
import java.util.List;

/// What all monitors were sent and have lost, with those that have gone since. Guarded by the lock of
/// [Registrations].
final class SignalCounts {
    private long sent;
    private long lost;
    private @Nullable Instant lostSince;

    /// Takes note that the signal of an event was sent.
    void sent() {
        sent++;
    }

    /// Takes note of what [Monitor#lose] does.
    void lost() {
        lost++;
        lostSince = lostSince == null ? Instant.now() : lostSince;
    }

    /// {@return them as they are now}
    List<Counter> counters() {
        return List.of(
                new Counter("kmonitor_signals_sent_total", sent),
                Counter.lost(Loss.Place.READER, "kmonitor", lost, lostSince));
    }
}
