// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.load.probe;

/// Counts delays by size, each doubling in 16 steps: a percentile is told at most 1/16 too high.
/// Guarded by the one who uses it.
final class Delays {
    private static final int STEP_BITS = 4;
    private static final int STEPS = 1 << STEP_BITS;

    private final long[] counts = new long[(Long.SIZE - STEP_BITS) * STEPS];
    private long count;
    private long max;

    void add(long nanos) {
        long value = Math.max(0, nanos);
        int shift = Math.max(0, Long.SIZE - 1 - STEP_BITS - Long.numberOfLeadingZeros(value));
        counts[shift * STEPS + (int) (value >>> shift)]++;
        count++;
        max = Math.max(max, value);
    }

    long count() {
        return count;
    }

    long max() {
        return max;
    }

    /// {@return the delay in nanoseconds that this share of all did not exceed, 0 if there is none}
    long percentile(double share) {
        long left = (long) Math.ceil(count * share);
        for (int index = 0; left > 0; index++) {
            left -= counts[index];
            if (left <= 0) {
                int shift = Math.max(0, index / STEPS - 1);
                return Math.min(max, ((index - (long) shift * STEPS + 1) << shift) - 1);
            }
        }
        return 0;
    }
}
