// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.shell.stream;

import java.util.concurrent.atomic.AtomicLong;

/// The memory that all streams share for what waits for their readers. Safe for all threads.
public final class StreamMemory {
    private final AtomicLong free;

    /// Makes it.
    ///
    /// @param bytes how much there is
    public StreamMemory(long bytes) {
        free = new AtomicLong(bytes);
    }

    /// {@return whether so many bytes were there, and are the caller's now}
    ///
    /// @param bytes how many
    public boolean take(long bytes) {
        boolean isThere = free.addAndGet(-bytes) >= 0;
        if (!isThere) {
            give(bytes);
        }
        return isThere;
    }

    /// Gives back what was taken.
    ///
    /// @param bytes how many
    public void give(long bytes) {
        free.addAndGet(bytes);
    }
}
