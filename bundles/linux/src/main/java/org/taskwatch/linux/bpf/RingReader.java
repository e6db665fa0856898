// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.linux.bpf;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.MemorySegment;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/// Reads the records of a [RingBuffer]: [#begin], then [#next] for each, then [#release]. For one thread, and
/// not after the ring was closed; nothing is allocated, but for a reader that looks ahead.
///
///     record       u32 length @0 with BUSY in bit 31 and DISCARDED in bit 30, u32 @4, then its bytes, up to
///                  a multiple of 8
///
/// **Order.** The kernel stores the producer position after it has marked the record as BUSY, and takes
/// that mark away after the record is written. So both are loaded with acquire, and what is after them in
/// the program is read after them. The consumer position is stored with release: the kernel writes over what
/// is before it.
public final class RingReader {
    private static final VarHandle LONG = JAVA_LONG.varHandle();
    private static final VarHandle INT = JAVA_INT.varHandle();

    private static final int HEADER_BYTES = 8;
    private static final int DISCARDED = 1 << 30;
    private static final int LENGTH = DISCARDED - 1;

    private final MemorySegment consumer;
    private final MemorySegment producer;
    private final MemorySegment ring;
    private final ByteBuffer data;
    private final int mask;

    private long position; // all before it was read
    private long limit; // what is reserved after it is not read now
    private int at;
    private int length;

    /// Makes one of memory as the kernel shares it: [RingBuffer#reader] has that of a ring.
    ///
    /// @param consumer begins with the consumer position, which is 0
    /// @param producer begins with the producer position
    /// @param ring the data, twice; a power of two in bytes
    public RingReader(MemorySegment consumer, MemorySegment producer, MemorySegment ring) {
        this.consumer = consumer;
        this.producer = producer;
        this.ring = ring;
        data = ring.asByteBuffer().order(ByteOrder.nativeOrder());
        mask = (int) (ring.byteSize() / 2 - 1);
    }

    /// {@return the bytes of all records, in the byte order of the machine; read them by absolute position,
    /// see [#at]}
    public ByteBuffer data() {
        return data;
    }

    /// {@return whether the next record is complete}
    public boolean hasRecord() {
        return position < producerPosition() && header(position) >= 0;
    }

    /// {@return whether half of the ring or more is reserved, and was not read}
    public boolean isHalfUsed() {
        return producerPosition() - position >= (mask + 1L) / 2;
    }

    /// Begins to read what is there now: what is reserved later is left for the next time.
    public void begin() {
        limit = producerPosition();
    }

    /// Goes to the next record.
    ///
    /// @return false if there is none before the limit, or if it is not complete yet
    public boolean next() {
        while (position < limit) {
            int header = header(position);
            if (header < 0) { // BUSY
                return false;
            }
            at = (int) (position & mask) + HEADER_BYTES;
            length = header & LENGTH;
            position += HEADER_BYTES + (length + Long.BYTES - 1 & -Long.BYTES);
            if ((header & DISCARDED) == 0) {
                return true;
            }
        }
        return false;
    }

    /// {@return whether all is read that was there when this began}
    public boolean isAtEnd() {
        return position >= limit;
    }

    /// {@return a reader that begins where this one is, to look ahead; it must not release anything}
    public RingReader ahead() {
        RingReader ahead = new RingReader(consumer, producer, ring);
        ahead.position = position;
        return ahead;
    }

    /// {@return where in [#data] the record begins that [#next] went to}
    public int at() {
        return at;
    }

    /// {@return how many bytes it has}
    public int length() {
        return length;
    }

    /// Lets the kernel write over what was read so far, the present record included.
    public void release() {
        LONG.setRelease(consumer, 0L, position);
    }

    private long producerPosition() {
        return (long) LONG.getAcquire(producer, 0L);
    }

    private int header(long place) {
        return (int) INT.getAcquire(ring, place & mask);
    }
}
