// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.source.ebpf;

import org.taskwatch.linux.LinuxException;
import org.taskwatch.linux.bpf.SharedMemory;

import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;

/// When threads have forked last: memory that [CloneProgram] writes while that is wanted. It is read for each fork of a
/// gate, so it is no map that a system call would have to look up in.
///
///     u64 slots[SLOTS]   by the lower bits of the tid, of the thread that has forked last of those that have it:
///                        bits 0 to 21 are its tid, the others CLOCK_MONOTONIC in units of 1,024 ns
final class LatestForks implements AutoCloseable {
    /// How many slots there are: a power of two.
    static final int SLOTS = 4096;

    /// The size of a slot, as a power of two.
    static final int SLOT_SHIFT = 3;

    /// A tid has at most so many bits: PID_MAX_LIMIT of `linux/threads.h`.
    static final int TID_BITS = 22;

    static final int TID_MASK = (1 << TID_BITS) - 1;

    /// A unit of the time in nanoseconds, as a power of two.
    static final int UNIT_SHIFT = 10;

    /// A program takes the time a moment before it writes; so much later at most, whatever has interrupted it.
    private static final long LATE_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final SharedMemory memory;

    /// Since when each fork is written; empty while it is not. Written by the pump thread, read by all.
    private volatile OptionalLong since = OptionalLong.empty();

    private LatestForks(SharedMemory memory) {
        this.memory = memory;
    }

    static LatestForks open() throws LinuxException {
        return new LatestForks(SharedMemory.open("tw_latest_forks", SLOTS << SLOT_SHIFT));
    }

    /// {@return the number by which programs name the memory}
    int number() {
        return memory.number();
    }

    /// From now on the programs write each fork, or no more.
    void areKept(boolean isTrue) {
        if (!isTrue) {
            since = OptionalLong.empty();
        } else if (since.isEmpty()) {
            since = OptionalLong.of(System.nanoTime());
        }
    }

    /// {@return as [org.taskwatch.source.TaskSource#latestFork]} For any thread.
    OptionalLong nanos(int tid, long sinceNanos) {
        // In this order: what is wanted no more while this looks is not taken for kept.
        long slot = memory.get((long) (tid & SLOTS - 1) << SLOT_SHIFT);
        OptionalLong kept = since;
        boolean isKept = kept.isPresent() && kept.getAsLong() - sinceNanos <= 0;
        return isKept ? nanos(tid, sinceNanos, slot, System.nanoTime()) : OptionalLong.empty();
    }

    /// {@return the same}
    ///
    /// @param slot what the slot of the thread has
    /// @param now the time
    static OptionalLong nanos(int tid, long sinceNanos, long slot, long now) {
        long nanos = nanos(slot, now);
        if (slot != 0 && (slot & TID_MASK) == tid) {
            return OptionalLong.of(nanos);
        }
        // Had this one forked later, its slot would not have that time; but for a writer who was
        // late.
        boolean isOld = slot == 0 || nanos - (sinceNanos - LATE_NANOS) < 0;
        return isOld ? OptionalLong.of(Long.MIN_VALUE) : OptionalLong.empty();
    }

    /// {@return the end of the unit that a slot has: of those that have the same bits the one that is nearest to now}
    /// It may be a little later, as clocks of processors differ. What is 26 to 52 days old is taken for later too, and so
    /// for a recent fork.
    private static long nanos(long slot, long now) {
        long units = slot >>> TID_BITS;
        long age = (now >> UNIT_SHIFT) - units << TID_BITS >> TID_BITS; // with its sign
        return ((now >> UNIT_SHIFT) - age << UNIT_SHIFT) + (1 << UNIT_SHIFT) - 1;
    }

    @Override
    public void close() {
        memory.close();
    }
}
