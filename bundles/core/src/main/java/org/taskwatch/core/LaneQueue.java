// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.core;

import org.jspecify.annotations.Nullable;

/// The entries of a lane and their sizes, first in, first out. It takes no more memory than what
/// waits needs: a burst leaves nothing behind, and growing copies nothing.
///
/// An entry that there is no memory for changes nothing ([OutOfMemoryError]). Not safe for threads.
final class LaneQueue {
    private static final int CHUNK = 512;

    private static final class Chunk {
        final @Nullable Object[] entries = new Object[CHUNK];
        final int[] bytes = new int[CHUNK];
        @Nullable Chunk next;
    }

    /// Entries are taken from the one and put into the other; they may be the same.
    private Chunk head = new Chunk();

    private Chunk tail = head;

    /// Where the next entry is taken from the head, and put into the tail.
    private int begin;

    private int end;

    /// A chunk to be used again, so that a queue that goes up and down allocates nothing.
    private @Nullable Chunk spare;

    private int size;
    private long bytes;

    /// {@return how many entries wait}
    int size() {
        return size;
    }

    /// {@return the sum of their sizes}
    long bytes() {
        return bytes;
    }

    /// Puts an entry at the end.
    ///
    /// @param cost its size in bytes
    void add(Object entry, int cost) {
        if (end == CHUNK) {
            Chunk next = spare == null ? new Chunk() : spare;
            spare = null;
            tail.next = next;
            tail = next;
            end = 0;
        }
        tail.entries[end] = entry;
        tail.bytes[end++] = cost;
        size++;
        bytes += cost;
    }

    /// {@return the first entry, left where it is; null if none waits}
    @Nullable Object peek() {
        return size == 0 ? null : first().entries[begin];
    }

    /// {@return the first entry, taken out; null if none waits}
    @Nullable Object poll() {
        if (size == 0) {
            return null;
        }
        Chunk chunk = first();
        Object entry = chunk.entries[begin];
        chunk.entries[begin] = null;
        bytes -= chunk.bytes[begin++];
        if (--size == 0) {
            begin = 0; // the head is the tail by now
            end = 0;
        }
        return entry;
    }

    /// {@return the chunk that has the first of the entries that wait}
    private Chunk first() {
        Chunk next = head.next;
        if (begin == CHUNK && next != null) {
            head.next = null;
            spare = head;
            head = next;
            begin = 0;
        }
        return head;
    }
}
