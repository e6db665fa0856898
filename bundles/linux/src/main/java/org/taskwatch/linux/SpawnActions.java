// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.linux;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/// What a child does with its descriptors before it becomes a program, see
/// `posix_spawn_file_actions_init(3)`. For one thread.
final class SpawnActions implements AutoCloseable {
    // posix_spawn_file_actions_t of spawn.h: two int, a pointer, int[16]
    private static final int BYTES = 80;

    private static final FunctionDescriptor OF_ACTIONS = FunctionDescriptor.of(JAVA_INT, ADDRESS);

    // int posix_spawn_file_actions_init(posix_spawn_file_actions_t *actions)
    private static final MethodHandle INIT =
            Native.function("posix_spawn_file_actions_init", OF_ACTIONS);

    // int posix_spawn_file_actions_destroy(posix_spawn_file_actions_t *actions)
    private static final MethodHandle DESTROY =
            Native.function("posix_spawn_file_actions_destroy", OF_ACTIONS);

    // int posix_spawn_file_actions_adddup2(posix_spawn_file_actions_t *actions, int fd, int newfd)
    private static final MethodHandle ADDDUP2 =
            Native.function(
                    "posix_spawn_file_actions_adddup2",
                    FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT, JAVA_INT));

    private final Arena arena = Arena.ofConfined();
    private final MemorySegment actions = arena.allocate(BYTES, Long.BYTES);

    /// Makes an empty list.
    SpawnActions() {
        try {
            int _ = (int) INIT.invokeExact(actions); // it can't fail on Linux
        } catch (Throwable e) {
            throw Native.unchecked(e);
        }
    }

    /// The child has a descriptor by another number, and keeps it open. If the two numbers are the same, it
    /// keeps it all the same (glibc 2.29 and later).
    ///
    /// @param fd its number here
    /// @param number its number there
    void duplicate(int fd, int number) throws LinuxException {
        int error;
        try {
            error = (int) ADDDUP2.invokeExact(actions, fd, number);
        } catch (Throwable e) {
            throw Native.unchecked(e);
        }
        if (error != 0) {
            throw new LinuxException("posix_spawn_file_actions_adddup2 of " + fd, error);
        }
    }

    /// {@return the list, until this is closed}
    MemorySegment segment() {
        return actions;
    }

    @Override
    public void close() {
        try {
            int _ = (int) DESTROY.invokeExact(actions);
        } catch (Throwable e) {
            throw Native.unchecked(e);
        }
        arena.close();
    }
}
