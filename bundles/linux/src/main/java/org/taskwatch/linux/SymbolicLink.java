// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.linux;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/// Where a symbolic link leads, in bytes: the classes of `java.nio.file` decode them in the locale of the
/// JVM, which loses those that it can't. Safe for all threads.
public final class SymbolicLink {
    // ssize_t readlink(const char *path, char *buf, size_t bufsiz)
    private static final MethodHandle READLINK =
            Native.function(
                    "readlink", FunctionDescriptor.of(JAVA_LONG, ADDRESS, ADDRESS, JAVA_LONG));

    private SymbolicLink() {}

    /// Reads a link.
    ///
    /// @param path its path
    /// @param limit how many bytes are read at most
    /// @return where it leads; if these are as many bytes as the limit there may be more
    /// @throws LinuxException ENOENT, EACCES, and whatever else `readlink(2)` fails with
    public static byte[] read(String path, int limit) throws LinuxException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment errno = Native.errnoSegment(arena);
            MemorySegment target = arena.allocate(limit);
            long length =
                    (long)
                            READLINK.invokeExact(
                                    errno, arena.allocateFrom(path), target, (long) limit);
            if (length < 0) {
                throw new LinuxException("readlink of " + path, Native.errno(errno));
            }
            return target.asSlice(0, length).toArray(JAVA_BYTE);
        } catch (Throwable e) {
            throw Native.failure(e);
        }
    }
}
