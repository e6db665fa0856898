// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.tasks.pump;

import org.jspecify.annotations.Nullable;
import org.taskwatch.api.Loss;

import java.util.concurrent.atomic.AtomicLong;

/// What a source has reported and lost since it was opened. Written by the pump thread, read
/// by all.
final class Meter {
    final Histogram latency = new Histogram();

    private final AtomicLong events = new AtomicLong();

    /// All that was lost, with the place, cause and time of the first loss; null if nothing.
    private volatile @Nullable Loss lost;

    /// An event was reported that the source has observed.
    void count() {
        events.setOpaque(events.getPlain() + 1); // the pump thread is the only writer
    }

    /// {@return how many were}
    long events() {
        return events.getOpaque();
    }

    void lost(Loss loss) {
        Loss before = lost;
        lost = // the pump thread is the only writer
                before == null
                        ? loss
                        : new Loss(
                                before.count() + loss.count(),
                                before.place(),
                                before.cause(),
                                before.since());
    }

    @Nullable Loss lost() {
        return lost;
    }
}
