// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.linux;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/// Where a symbolic link leads, in bytes: the classes of `java.nio.file` decode them in the locale of the
/// JVM, which loses those that it can't. Safe for all threads.
public final class SymbolicLink {
    private static final int AT_FDCWD = -100; // linux/fcntl.h

    private SymbolicLink() {}

    /// Reads a link.
    ///
    /// @param path its path
    /// @param limit how many bytes are read at most
    /// @return where it leads; if these are as many bytes as the limit there may be more
    /// @throws LinuxException ENOENT, EACCES, and whatever else `readlink(2)` fails with
    public static byte[] read(String path, int limit) throws LinuxException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment target = arena.allocate(limit);
            long length =
                    SystemCall.READLINKAT.call(
                            AT_FDCWD, arena.allocateFrom(path).address(), target.address(), limit);
            SystemCall.check(length, "readlink of " + path);
            return target.asSlice(0, length).toArray(JAVA_BYTE);
        }
    }
}
