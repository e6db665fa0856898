// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.tasks.pump;

import org.taskwatch.tasks.Latency;

import java.util.Arrays;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;

/// Counts durations by size, each doubling in 32 steps: so a percentile is at most 1/32 too high,
/// recording writes a few numbers and allocates nothing, and the size is fixed, 15 kB.
///
/// One thread records. Any thread may read: it gets what was recorded a moment ago.
final class Histogram {
    private static final int STEP_BITS = 5;
    private static final int STEPS = 1 << STEP_BITS;

    /// The bounds of [Latency#below]: 8 us to 1 s.
    private static final int LEAST_BOUND_BITS = 13;

    private static final int MOST_BOUND_BITS = 30;

    // Opaque writes by the one thread that records: no count is torn or lost, and no fence is paid.
    private final AtomicLongArray counts = new AtomicLongArray((Long.SIZE - STEP_BITS) * STEPS);
    private final AtomicLong max = new AtomicLong();
    private final AtomicLong sum = new AtomicLong();

    /// Counts a duration; one below 0, as clocks of several CPUs may make it, as 0.
    void record(long nanos) {
        long value = Math.max(0, nanos);
        int index = index(value);
        counts.setOpaque(index, counts.getPlain(index) + 1);
        sum.setOpaque(sum.getPlain() + value);
        if (value > max.getPlain()) {
            max.setOpaque(value);
        }
    }

    /// Up to 63 each value has its own count; above, the highest six bits select one.
    private static int index(long value) {
        int shift = Math.max(0, Long.SIZE - 1 - STEP_BITS - Long.numberOfLeadingZeros(value));
        return (shift << STEP_BITS) + (int) (value >>> shift);
    }

    /// {@return the highest value that is counted at an index}
    private static long highest(int index) {
        int shift = Math.max(0, (index >> STEP_BITS) - 1);
        return ((index - ((long) shift << STEP_BITS) + 1) << shift) - 1;
    }

    /// {@return how many were counted}
    long count() {
        return Arrays.stream(copy()).sum();
    }

    Latency latency() {
        long[] copy = copy();
        long longest = max.getOpaque();
        return new Latency(
                percentile(copy, 0.5, longest),
                percentile(copy, 0.99, longest),
                percentile(copy, 0.999, longest),
                longest,
                sum.getOpaque(),
                below(copy));
    }

    /// A power of two is the least value of its index, so each count is exact.
    private static SortedMap<Long, Long> below(long[] counts) {
        SortedMap<Long, Long> below = new TreeMap<>();
        long sum = 0;
        int index = 0;
        for (int bits = LEAST_BOUND_BITS; bits <= MOST_BOUND_BITS; bits++) {
            for (; index < index(1L << bits); index++) {
                sum += counts[index];
            }
            below.put(1L << bits, sum);
        }
        return Collections.unmodifiableSortedMap(below);
    }

    private long[] copy() {
        long[] copy = new long[counts.length()];
        Arrays.setAll(copy, counts::getOpaque);
        return copy;
    }

    private static long percentile(long[] counts, double share, long longest) {
        long left = (long) Math.ceil(Arrays.stream(counts).sum() * share);
        for (int index = 0; left > 0 && index < counts.length; index++) {
            left -= counts[index];
            if (left <= 0) {
                return Math.min(highest(index), longest);
            }
        }
        return 0;
    }
}
