// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.tasks;

/// How long events took from the kernel, by its own time stamp, until they were reported, in
/// nanoseconds. A percentile may be given too high, by 3 % at most.
///
/// @param p50Nanos half of them took no longer
/// @param p99Nanos 99 % took no longer
/// @param p999Nanos 99.9 % took no longer
/// @param maxNanos the longest, exactly
public record Latency(long p50Nanos, long p99Nanos, long p999Nanos, long maxNanos) {}
