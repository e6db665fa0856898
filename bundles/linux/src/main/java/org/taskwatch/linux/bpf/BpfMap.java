// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.linux.bpf;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import org.jspecify.annotations.Nullable;
import org.taskwatch.linux.BpfObject;
import org.taskwatch.linux.LinuxException;
import org.taskwatch.linux.Pages;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/// A map of the kernel, that programs read and write, see `bpf(2)`. Safe for all threads, until it is
/// closed.
public final class BpfMap implements AutoCloseable {
    // enum bpf_cmd and enum bpf_map_type of linux/bpf.h
    private static final int MAP_CREATE = 0;
    private static final int MAP_LOOKUP_ELEM = 1;
    private static final int TYPE_ARRAY = 2;
    private static final int TYPE_PERCPU_ARRAY = 6;
    private static final int TYPE_LRU_HASH = 9;
    private static final int TYPE_RINGBUF = 27;
    private static final int F_MMAPABLE = 1 << 10;

    // union bpf_attr of MAP_CREATE {u32 map_type @0, key_size @4, value_size @8, max_entries @12,
    //     map_flags @16, inner_map_fd @20, numa_node @24, char map_name[16] @28}
    private static final long CREATE_BYTES = 48;
    private static final long CREATE_NAME = 28;

    // of MAP_LOOKUP_ELEM {u32 map_fd @0, u64 key @8, value @16, flags @24}
    private static final long LOOKUP_BYTES = 32;

    private final BpfObject object;
    private final Arena memory = Arena.ofShared();

    private BpfMap(BpfObject object) {
        this.object = object;
    }

    /// Makes room for programs to work in: an array of one value for each processor, with the key 0.
    ///
    /// @param name for whoever looks at the kernel's maps, at most 15 characters count
    /// @param bytes the size of a value, at most 32 KiB
    /// @return the map
    /// @throws LinuxException EPERM if this process may not, E2BIG if it is too large
    public static BpfMap perProcessor(String name, int bytes) throws LinuxException {
        return create(name, TYPE_PERCPU_ARRAY, Integer.BYTES, bytes, 1, 0);
    }

    /// {@return an array of one value that can be mapped}
    static BpfMap mappable(String name, int bytes) throws LinuxException {
        return create(name, TYPE_ARRAY, Integer.BYTES, bytes, 1, F_MMAPABLE);
    }

    /// {@return a ring buffer}
    static BpfMap ring(String name, int bytes) throws LinuxException {
        return create(name, TYPE_RINGBUF, 0, 0, bytes, 0);
    }

    /// Makes a map from keys to values, in which new keys take the place of those that were used longest ago.
    ///
    /// @param name as above
    /// @param keyBytes the size of a key
    /// @param valueBytes the size of a value
    /// @param count how many it holds
    /// @return the map
    /// @throws LinuxException as above
    public static BpfMap ofLatest(String name, int keyBytes, int valueBytes, int count)
            throws LinuxException {
        return create(name, TYPE_LRU_HASH, keyBytes, valueBytes, count, 0);
    }

    private static BpfMap create(
            String name, int type, int keyBytes, int valueBytes, int count, int flags)
            throws LinuxException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment attributes = arena.allocate(CREATE_BYTES, Long.BYTES);
            attributes.set(JAVA_INT, 0, type);
            attributes.set(JAVA_INT, 4, keyBytes);
            attributes.set(JAVA_INT, 8, valueBytes);
            attributes.set(JAVA_INT, 12, count);
            attributes.set(JAVA_INT, 16, flags);
            BpfName.set(attributes, CREATE_NAME, name);
            return new BpfMap(
                    BpfObject.open(MAP_CREATE, attributes, "creating the BPF map " + name));
        }
    }

    /// {@return the number by which programs name this, see [Assembler#moveMap]}
    public int number() {
        return object.number();
    }

    /// {@return a value of a map whose keys are of four bytes and whose values are of whole words of eight; null if
    /// there is none}
    ///
    /// @param key its key
    /// @param words how many words it has
    public long @Nullable [] get(int key, int words) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment value = arena.allocate(JAVA_LONG, words);
            MemorySegment attributes = arena.allocate(LOOKUP_BYTES, Long.BYTES);
            attributes.set(JAVA_INT, 0, object.number());
            attributes.set(JAVA_LONG, 8, arena.allocateFrom(JAVA_INT, key).address());
            attributes.set(JAVA_LONG, 16, value.address());
            return BpfObject.call(MAP_LOOKUP_ELEM, attributes) == 0
                    ? value.toArray(JAVA_LONG)
                    : null;
        }
    }

    BpfObject object() {
        return object;
    }

    /// {@return a part of the map's memory, which is shared with its programs until this is closed}
    ///
    /// @param offset where, a multiple of [Pages#size]
    /// @param bytes how much
    /// @param isWritable whether it may be written, else it is only read
    /// @throws LinuxException as [BpfObject#map]; then the map is closed, as it is of no use
    MemorySegment memory(long offset, long bytes, boolean isWritable) throws LinuxException {
        try {
            return object.map(offset, bytes, isWritable, memory);
        } catch (LinuxException e) {
            close();
            throw e;
        }
    }

    /// Gives the map back. Does nothing if it is closed.
    @Override
    public void close() {
        if (memory.scope().isAlive()) {
            memory.close();
            object.close();
        }
    }
}
