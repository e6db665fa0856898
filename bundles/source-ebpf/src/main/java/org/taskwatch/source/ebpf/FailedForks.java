// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.source.ebpf;

import org.taskwatch.linux.LinuxException;
import org.taskwatch.linux.bpf.BpfMap;

/// The last fork of a thread that has failed: a map of the kernel from tids to
///
///     struct failure { u64 nanos; u64 errno; }
///
/// which [FailedForkProgram] writes. It holds the threads of the last [#THREADS] failures. For the pump thread.
final class FailedForks implements AutoCloseable {
    static final int NANOS = 0;
    static final int ERRNO = 8;
    static final int BYTES = 16;

    private static final int THREADS = 4096;

    private final BpfMap map;

    private FailedForks(BpfMap map) {
        this.map = map;
    }

    static FailedForks open() throws LinuxException {
        return new FailedForks(BpfMap.ofLatest("tw_failed_forks", Integer.BYTES, BYTES, THREADS));
    }

    /// {@return the number by which programs name the map}
    int number() {
        return map.number();
    }

    /// {@return the errno of the last fork of a thread that has failed, 0 if none is known}
    ///
    /// @param tid the thread
    /// @param sinceNanos it has failed then or later
    int errno(int tid, long sinceNanos) {
        long[] failure = map.get(tid, BYTES / Long.BYTES);
        return failure != null && failure[NANOS / Long.BYTES] - sinceNanos >= 0
                ? (int) failure[ERRNO / Long.BYTES]
                : 0;
    }

    @Override
    public void close() {
        map.close();
    }
}
