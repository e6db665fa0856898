// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.linux.bpf;

import org.taskwatch.linux.BpfObject;
import org.taskwatch.linux.LinuxException;
import org.taskwatch.linux.Pages;

import java.lang.foreign.MemorySegment;

/// A ring of records that programs write on all processors and one thread reads, in the order in which
/// room for them was reserved. See `Documentation/bpf/ringbuf.rst` of the kernel. Since Linux 5.8.
///
///     page 0       u64 consumer position: so many bytes were read. Written by the reader.
///     page 1       u64 producer position: so many bytes were reserved. Written by the kernel.
///     page 2...    the data, twice in a row: so no record is in two parts.
public final class RingBuffer implements AutoCloseable {
    /// A flag of [Helper#RING_SUBMIT] and the like: a reader that waits for the ring is not woken.
    public static final int NO_WAKEUP = 1;

    /// As above: it is woken in any case.
    public static final int FORCE_WAKEUP = 2;

    /// What [Helper#RING_QUERY] tells: how many bytes are reserved and were not read yet.
    public static final int USED_BYTES = 0;

    /// As above: how many there are.
    public static final int ALL_BYTES = 1;

    private static final int MOST_BYTES = 1 << 29; // twice that is in one ByteBuffer

    private final BpfMap map;
    private final RingReader reader;

    private RingBuffer(BpfMap map, RingReader reader) {
        this.map = map;
        this.reader = reader;
    }

    /// Makes one.
    ///
    /// @param name for whoever looks at the kernel's maps
    /// @param bytes its size, a power of two and a multiple of [Pages#size], at most 512 MiB
    /// @return the ring, empty
    /// @throws LinuxException EPERM if this process may not, EINVAL if the size is not possible or the
    ///     kernel has no ring buffers, ENOMEM
    public static RingBuffer open(String name, int bytes) throws LinuxException {
        if (bytes > MOST_BYTES) {
            throw new IllegalArgumentException("a ring buffer of " + bytes + " bytes");
        }
        BpfMap map = BpfMap.ring(name, bytes);
        long page = Pages.size();
        MemorySegment consumer = map.memory(0, page, true);
        MemorySegment others = map.memory(page, page + 2L * bytes, false);
        RingReader reader = new RingReader(consumer, others.asSlice(0, page), others.asSlice(page));
        return new RingBuffer(map, reader);
    }

    /// {@return the number by which programs name this}
    public int number() {
        return map.number();
    }

    /// {@return what an epoll waits for: it is readable when a program has woken the reader and there are
    /// records}
    public BpfObject descriptor() {
        return map.object();
    }

    /// {@return the reader, always the same}
    public RingReader reader() {
        return reader;
    }

    /// Gives the ring back. Does nothing if it is closed.
    @Override
    public void close() {
        map.close();
    }
}
