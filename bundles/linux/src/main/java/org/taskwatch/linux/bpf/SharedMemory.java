// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.linux.bpf;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import org.taskwatch.linux.LinuxException;
import org.taskwatch.linux.Pages;

import java.lang.foreign.MemorySegment;
import java.lang.invoke.VarHandle;

/// Memory that this process shares with programs: the one value of an array. Programs have its address by
/// [Assembler#moveValueAddress]. All of it is 0 at first.
///
/// Numbers are of 64 bits, at offsets that are multiples of 8. Safe for all threads, until it is closed:
/// that must not happen while another thread is inside.
public final class SharedMemory implements AutoCloseable {
    private static final VarHandle NUMBER = JAVA_LONG.varHandle();

    private final BpfMap map;
    private final MemorySegment memory;

    private SharedMemory(BpfMap map, MemorySegment memory) {
        this.map = map;
        this.memory = memory;
    }

    /// Makes some.
    ///
    /// @param name for whoever looks at the kernel's maps
    /// @param bytes how much
    /// @return the memory
    /// @throws LinuxException EPERM if this process may not, EINVAL before Linux 5.5
    public static SharedMemory open(String name, int bytes) throws LinuxException {
        BpfMap map = BpfMap.mappable(name, bytes);
        long page = Pages.size();
        long whole = (bytes + page - 1) / page * page;
        return new SharedMemory(map, map.memory(0, whole, true));
    }

    /// {@return the number by which programs name this}
    public int number() {
        return map.number();
    }

    /// {@return a number as it is now}
    ///
    /// @param offset where
    public long get(long offset) {
        return (long) NUMBER.getAcquire(memory, offset);
    }

    /// Sets a number. Programs that begin later see it; and nothing of this thread that is after it comes
    /// before it.
    ///
    /// @param offset where
    /// @param value the number
    public void set(long offset, long value) {
        NUMBER.setVolatile(memory, offset, value);
        VarHandle.fullFence();
    }

    /// Gives the memory back. Does nothing if it is closed.
    @Override
    public void close() {
        map.close();
    }
}
