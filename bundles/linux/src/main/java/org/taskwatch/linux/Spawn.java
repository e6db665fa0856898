// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.linux;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.util.List;

/// Starts a program by `posix_spawn(3)`: Java's own way passes on no descriptors. Who starts one reaps it.
final class Spawn {
    // int posix_spawnp(pid_t *pid, const char *file, const posix_spawn_file_actions_t *actions,
    //                  const posix_spawnattr_t *attributes, char *const argv[], char *const envp[])
    private static final MethodHandle POSIX_SPAWNP =
            Native.function(
                    "posix_spawnp",
                    FunctionDescriptor.of(
                            JAVA_INT, ADDRESS, ADDRESS, ADDRESS, ADDRESS, ADDRESS, ADDRESS));

    private Spawn() {}

    /// Starts a program. It has the descriptors of this process that are not closed by an exec, and the
    /// signal mask of this thread.
    ///
    /// @param program its path, or its name on the PATH
    /// @param actions what is done with descriptors before (`posix_spawn_file_actions_t`), or null of C
    /// @param arguments its arguments; the first is its name by custom
    /// @param environment each as `NAME=VALUE`
    /// @return its pid
    /// @throws LinuxException if it can't be started: what `execve(2)` says
    static int start(
            String program, MemorySegment actions, List<String> arguments, List<String> environment)
            throws LinuxException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment pid = arena.allocate(JAVA_INT);
            int error =
                    call(
                            pid,
                            arena.allocateFrom(program),
                            actions,
                            strings(arena, arguments),
                            strings(arena, environment));
            if (error != 0) {
                throw new LinuxException("start of " + program, error);
            }
            return pid.get(JAVA_INT, 0);
        }
    }

    private static int call(
            MemorySegment pid,
            MemorySegment program,
            MemorySegment actions,
            MemorySegment arguments,
            MemorySegment environment) {
        MemorySegment none = MemorySegment.NULL;
        try {
            return (int)
                    POSIX_SPAWNP.invokeExact(pid, program, actions, none, arguments, environment);
        } catch (Throwable e) {
            throw Native.unchecked(e);
        }
    }

    /// {@return an array of strings, with a null at its end}
    private static MemorySegment strings(Arena arena, List<String> strings) {
        MemorySegment array = arena.allocate(ADDRESS, strings.size() + 1);
        for (int i = 0; i < strings.size(); i++) {
            array.setAtIndex(ADDRESS, i, arena.allocateFrom(strings.get(i)));
        }
        return array;
    }
}
