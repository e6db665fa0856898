// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.source.connector;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.file.Files;
import java.nio.file.Path;

/// A program whose first thread exits before its others. The launcher of the JVM runs `main` in
/// another thread than the first, which waits for it.
public final class FirstThread {
    private static final Linker LINKER = Linker.nativeLinker();
    private static final int SIGUSR1 = 10; // asm-generic/signal.h; the JVM does not use it
    private static final int STATUS = 7;

    private FirstThread() {}

    /// Runs it: `execute` executes `sh -c 'exit 3'` from this thread; `leave` makes the first thread
    /// exit alone, says so, and exits with 7 when the standard input ends.
    public static void main(String[] arguments) throws Throwable {
        try (Arena arena = Arena.ofConfined()) {
            if (arguments[0].equals("execute")) {
                execute(arena, "/bin/sh", "-c", "exit 3");
            } else {
                leave();
            }
        }
    }

    private static void execute(Arena arena, String... words) throws Throwable {
        MemorySegment argv = arena.allocate(ValueLayout.ADDRESS, words.length + 1);
        for (int i = 0; i < words.length; i++) {
            argv.setAtIndex(ValueLayout.ADDRESS, i, arena.allocateFrom(words[i]));
        }
        // int execv(const char *path, char *const argv[])
        MethodHandle execv =
                function(
                        "execv",
                        FunctionDescriptor.of(
                                ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.ADDRESS));
        int result = (int) execv.invokeExact(arena.allocateFrom(words[0]), argv);
        throw new IllegalStateException("execv: " + result);
    }

    // A signal handler is called with one argument, the number, which is a fine exit value.
    private static void leave() throws Throwable {
        int pid = (int) ProcessHandle.current().pid();
        // sighandler_t signal(int signum, sighandler_t handler)
        MethodHandle signal =
                function(
                        "signal",
                        FunctionDescriptor.of(
                                ValueLayout.ADDRESS, ValueLayout.JAVA_INT, ValueLayout.ADDRESS));
        MemorySegment _ = (MemorySegment) signal.invokeExact(SIGUSR1, address("pthread_exit"));
        // int tgkill(pid_t tgid, pid_t tid, int sig)
        MethodHandle tgkill =
                function(
                        "tgkill",
                        FunctionDescriptor.of(
                                ValueLayout.JAVA_INT,
                                ValueLayout.JAVA_INT,
                                ValueLayout.JAVA_INT,
                                ValueLayout.JAVA_INT));
        int _ = (int) tgkill.invokeExact(pid, pid, SIGUSR1);
        while (!isZombie(pid)) {
            Thread.onSpinWait();
        }
        System.out.println("left");
        int _ = System.in.read();
        Runtime.getRuntime().halt(STATUS);
    }

    private static boolean isZombie(int pid) throws IOException {
        return Files.readString(Path.of("/proc/" + pid + "/stat")).contains(") Z ");
    }

    private static MemorySegment address(String name) {
        return LINKER.defaultLookup().findOrThrow(name);
    }

    @SuppressWarnings("restricted")
    private static MethodHandle function(String name, FunctionDescriptor type) {
        return LINKER.downcallHandle(address(name), type);
    }
}
