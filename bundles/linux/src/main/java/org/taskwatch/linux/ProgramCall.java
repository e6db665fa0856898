// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.linux;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/// Executes a program in place of this process, looking for it as `execvp(3)` of glibc does. That function itself
/// has another signature than `syscall(2)`, for which the JVM would make code, see [SystemCall].
final class ProgramCall {
    private static final String PATH = "PATH=";
    private static final String DEFAULT_PATH = "/bin:/usr/bin"; // _CS_PATH of confstr(3)
    private static final String SHELL = "/bin/sh"; // _PATH_BSHELL of paths.h

    private static final int ENOEXEC = 8; // asm-generic/errno-base.h
    private static final int ENODEV = 19;
    private static final int ENOTDIR = 20;
    private static final int ETIMEDOUT = 110; // asm-generic/errno.h
    private static final int ESTALE = 116;

    /// After these, the next folder of the PATH may have the program.
    private static final Set<Integer> NOT_HERE =
            Set.of(
                    LinuxException.ENOENT,
                    LinuxException.EACCES,
                    ENODEV,
                    ENOTDIR,
                    ETIMEDOUT,
                    ESTALE);

    private final Arena arena;
    private final List<byte[]> words;
    private final MemorySegment arguments;
    private final MemorySegment variables;
    private final String path;

    /// Prepares the call.
    ///
    /// @param arena has the memory
    /// @param words the command and its arguments
    /// @param environment its variables, of which PATH says where to look
    ProgramCall(Arena arena, List<byte[]> words, List<byte[]> environment) {
        this.arena = arena;
        this.words = words;
        arguments = strings(words);
        variables = strings(environment);
        path =
                environment.stream()
                        .map(ProgramCall::text)
                        .filter(variable -> variable.startsWith(PATH))
                        .map(variable -> variable.substring(PATH.length()))
                        .findFirst()
                        .orElse(DEFAULT_PATH);
    }

    /// {@return the errno with which it has failed}
    int execute() {
        String name = text(words.getFirst());
        if (name.isEmpty()) {
            return LinuxException.ENOENT;
        }
        return name.indexOf('/') < 0 ? executeAlongPath(name) : execute(name);
    }

    private int executeAlongPath(String name) {
        int errno = LinuxException.ENOENT;
        boolean isDenied = false;
        for (String folder : path.split(":", -1)) {
            errno = execute(folder.isEmpty() ? name : folder + "/" + name);
            isDenied |= errno == LinuxException.EACCES;
            if (!NOT_HERE.contains(errno)) {
                return errno;
            }
        }
        return isDenied ? LinuxException.EACCES : errno;
    }

    private int execute(String file) {
        int errno = execute(bytes(file), arguments);
        if (errno != ENOEXEC) {
            return errno;
        }
        List<byte[]> script = new ArrayList<>(words);
        script.set(0, bytes(file));
        script.addFirst(bytes(SHELL));
        return execute(bytes(SHELL), strings(script));
    }

    private int execute(byte[] file, MemorySegment all) {
        long answer =
                SystemCall.EXECVE.call(string(file).address(), all.address(), variables.address());
        return (int) -answer;
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    /// {@return an array of strings, with a null at its end}
    private MemorySegment strings(List<byte[]> strings) {
        MemorySegment array = arena.allocate(ADDRESS, strings.size() + 1L);
        for (int i = 0; i < strings.size(); i++) {
            array.setAtIndex(ADDRESS, i, string(strings.get(i)));
        }
        return array;
    }

    private MemorySegment string(byte[] bytes) {
        MemorySegment string = arena.allocate(bytes.length + 1L);
        MemorySegment.copy(bytes, 0, string, JAVA_BYTE, 0, bytes.length);
        return string;
    }
}
