// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.source.ebpf;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import org.taskwatch.linux.bpf.RingReader;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/// A ring that a test writes as the kernel does, as long as it is not full.
final class FakeRing {
    private static final int BYTES = 1 << 16;
    private static final int BUSY = 1 << 31;
    private static final int HEADER_BYTES = 8;

    /// As many as it has room for.
    static final int RECORDS = BYTES / (HEADER_BYTES + RecordLayout.FREE_BYTES);

    private final MemorySegment consumer = Arena.ofAuto().allocate(Long.BYTES, Long.BYTES);
    private final MemorySegment producer = Arena.ofAuto().allocate(Long.BYTES, Long.BYTES);
    private final MemorySegment ring = Arena.ofAuto().allocate(2 * BYTES, Long.BYTES);

    RingReader reader() {
        return new RingReader(consumer, producer, ring);
    }

    /// Makes room for a record, which is not complete yet.
    ///
    /// @return where it is
    long reserve(int kind, int pid, long nanos) {
        long at = producer.get(JAVA_LONG, 0);
        long record = at + HEADER_BYTES;
        ring.set(JAVA_INT, at, RecordLayout.FREE_BYTES | BUSY);
        ring.set(JAVA_LONG, record + RecordLayout.TIME, nanos);
        ring.set(JAVA_INT, record + RecordLayout.KIND, kind);
        ring.set(JAVA_INT, record + RecordLayout.TID, pid);
        ring.set(JAVA_INT, record + RecordLayout.PID, pid);
        producer.set(JAVA_LONG, 0, record + RecordLayout.FREE_BYTES);
        return at;
    }

    void submit(long at) {
        ring.set(JAVA_INT, at, RecordLayout.FREE_BYTES);
    }

    void add(int kind, int pid, long nanos) {
        submit(reserve(kind, pid, nanos));
    }
}
