// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.source.ebpf;

import org.taskwatch.linux.LinuxException;
import org.taskwatch.linux.bpf.BpfMap;

/// When threads have forked last: a map of the kernel from tids to nanoseconds of CLOCK_MONOTONIC, which
/// [CloneProgram] writes. It holds the last [#THREADS] that have forked.
final class LatestForks implements AutoCloseable {
    static final int BYTES = Long.BYTES;

    private static final int THREADS = 4096;

    private final BpfMap map;

    private LatestForks(BpfMap map) {
        this.map = map;
    }

    static LatestForks open() throws LinuxException {
        return new LatestForks(BpfMap.ofLatest("tw_latest_forks", Integer.BYTES, BYTES, THREADS));
    }

    /// {@return the number by which programs name the map}
    int number() {
        return map.number();
    }

    /// {@return when a thread has forked last, by [System#nanoTime]; [Long#MIN_VALUE] if that is not known}
    long nanos(int tid) {
        long[] nanos = map.get(tid, 1);
        return nanos == null ? Long.MIN_VALUE : nanos[0];
    }

    @Override
    public void close() {
        map.close();
    }
}
