// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.rates;

/// The rates over one window. For 0 seconds they are those of the last second, else exponentially
/// damped averages, as the kernel's load average. All rates are per second.
///
/// @param windowSeconds how long ago something counts 1/e of what it counted first, 0 for now
/// @param forks new processes
/// @param clones new threads of processes that were there
/// @param execs programs executed
/// @param exits processes that have exited
/// @param events all events, of every kind
/// @param cpu the processor time of this process, as a share of one CPU: 1 is all of one
public record Rate(
        int windowSeconds,
        double forks,
        double clones,
        double execs,
        double exits,
        double events,
        double cpu) {
    private static final double NANOS_PER_SECOND = 1e9;

    /// {@return the processor time of this process for each event in nanoseconds, NaN if there was
    /// no event}
    public double cpuNanosPerEvent() {
        return events == 0 ? Double.NaN : cpu * NANOS_PER_SECOND / events;
    }
}
