// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.rates.impl;

import org.taskwatch.rates.Rate;
import org.taskwatch.tasks.EventCounts;

import java.util.Arrays;
import java.util.List;

/// Makes rates of counts that only grow. For one thread.
///
/// Each average moves towards the rate since the last look by the share `1 - exp(-elapsed / window)`,
/// as the kernel's `calc_load` does (`kernel/sched/loadavg.c`), but by the time that has really
/// passed: a late look makes nothing wrong. With a window of 0 that share is all.
final class Averages {
    private static final int[] WINDOWS = {0, 60, 5 * 60, 15 * 60};
    private static final double NANOS_PER_SECOND = 1e9;

    private final double[][] averages; // by window, then as in values()
    private double[] last;
    private long lastNanos;

    Averages(long nanos, EventCounts counts, long cpuNanos) {
        lastNanos = nanos;
        last = values(counts, cpuNanos);
        averages = new double[WINDOWS.length][last.length];
    }

    private static double[] values(EventCounts counts, long cpuNanos) {
        return new double[] {
            counts.forks(),
            counts.clones(),
            counts.execs(),
            counts.exits(),
            counts.events(),
            cpuNanos / NANOS_PER_SECOND
        };
    }

    /// Takes a look.
    ///
    /// @param nanos the time, by [System#nanoTime], after that of the look before
    /// @param counts the counts at this time
    /// @param cpuNanos the processor time used until then
    /// @return the rates at this time
    List<Rate> look(long nanos, EventCounts counts, long cpuNanos) {
        double elapsed = (nanos - lastNanos) / NANOS_PER_SECOND;
        double[] now = values(counts, cpuNanos);
        for (int w = 0; w < WINDOWS.length; w++) {
            double share = -Math.expm1(-elapsed / WINDOWS[w]);
            for (int i = 0; i < now.length; i++) {
                averages[w][i] += ((now[i] - last[i]) / elapsed - averages[w][i]) * share;
            }
        }
        last = now;
        lastNanos = nanos;
        return rates();
    }

    /// {@return the rates at the last look, all 0 before the first}
    List<Rate> rates() {
        Rate[] rates = new Rate[WINDOWS.length];
        Arrays.setAll(rates, w -> rate(WINDOWS[w], averages[w]));
        return List.of(rates);
    }

    private static Rate rate(int window, double[] values) {
        return new Rate(window, values[0], values[1], values[2], values[3], values[4], values[5]);
    }
}
