// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.tasks;

import java.util.Collections;
import java.util.SortedMap;

/// How long events took from the kernel, by its own time stamp, until they were reported, in
/// nanoseconds. A percentile may be given too high, by 3 % at most.
///
/// @param p50Nanos half of them took no longer
/// @param p99Nanos 99 % took no longer
/// @param p999Nanos 99.9 % took no longer
/// @param maxNanos the longest, exactly
/// @param sumNanos all together
/// @param below how many took less than each bound, exactly; the bounds are powers of two, in order. Unmodifiable
public record Latency(
        long p50Nanos,
        long p99Nanos,
        long p999Nanos,
        long maxNanos,
        long sumNanos,
        SortedMap<Long, Long> below) {
    /// That of no events.
    public static final Latency NONE = new Latency(0, 0, 0, 0, 0, Collections.emptySortedMap());
}
