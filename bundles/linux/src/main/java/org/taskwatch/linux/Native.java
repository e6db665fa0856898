// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.linux;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout.PathElement;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;
import java.util.Optional;

/// Finds the functions of the C library, and carries errno out of their calls.
///
/// A handle made by [#function] takes, before the arguments of the function, a segment of the layout
/// [#ERRNO] that receives the errno of this very call. The segment belongs to one thread at a time:
/// there is none that threads share.
final class Native {
    /// The layout of the segment that receives errno.
    static final StructLayout ERRNO = Linker.Option.captureStateLayout();

    private static final VarHandle ERRNO_VALUE = ERRNO.varHandle(PathElement.groupElement("errno"));

    // Names are at most some twenty characters; the bound is for the memory access only.
    private static final long NAME_LIMIT = 64;

    // const char *strerrorname_np(int errnum): glibc >= 2.32, absent in musl.
    private static final Optional<MethodHandle> STRERRORNAME_NP = errorNameFunction();

    private Native() {}

    /// {@return a handle of a function, with the arguments of the descriptor behind the segment for
    /// errno}
    static MethodHandle function(String name, FunctionDescriptor type, Linker.Option... more) {
        MemorySegment address =
                Linker.nativeLinker()
                        .defaultLookup()
                        .find(name)
                        .orElseThrow(
                                () -> new IllegalStateException("the C library has no " + name));
        Linker.Option[] options = new Linker.Option[more.length + 1];
        options[0] = Linker.Option.captureCallState("errno");
        System.arraycopy(more, 0, options, 1, more.length);
        return link(name, address, type, options);
    }

    @SuppressWarnings("restricted")
    private static MethodHandle link(
            String name, MemorySegment address, FunctionDescriptor type, Linker.Option... options) {
        try {
            return Linker.nativeLinker().downcallHandle(address, type, options);
        } catch (IllegalCallerException e) {
            throw new IllegalStateException(
                    "the JVM denies the call of "
                            + name
                            + "; start it with --enable-native-access=ALL-UNNAMED",
                    e);
        }
    }

    /// {@return the errno that a call has left in its segment}
    static int errno(MemorySegment capture) {
        return (int) ERRNO_VALUE.get(capture, 0L);
    }

    /// {@return memory for the errno of one thread's calls}
    static MemorySegment errnoSegment(Arena arena) {
        return arena.allocate(ERRNO);
    }

    /// {@return what to throw after a call of a method handle, which declares every Throwable: the
    /// failure of the system call; what is unchecked is thrown at once}
    static LinuxException failure(Throwable e) {
        return e instanceof LinuxException failure ? failure : throwUnchecked(e);
    }

    /// {@return as [#failure], for calls whose errno is not looked at}
    static AssertionError unchecked(Throwable e) {
        return throwUnchecked(e);
    }

    private static <T extends Throwable> T throwUnchecked(Throwable e) {
        switch (e) {
            case RuntimeException unchecked -> throw unchecked;
            case Error error -> throw error;
            default -> throw new AssertionError("a method handle has thrown", e);
        }
    }

    /// {@return the name of an errno, as `ESRCH`, or its number if the C library has no names}
    static String errorName(int errno) {
        try {
            if (STRERRORNAME_NP.isPresent()) {
                MemorySegment name = (MemorySegment) STRERRORNAME_NP.get().invokeExact(errno);
                if (!name.equals(MemorySegment.NULL)) {
                    return string(name);
                }
            }
            return "errno " + errno;
        } catch (Throwable e) {
            throw unchecked(e);
        }
    }

    @SuppressWarnings("restricted")
    private static String string(MemorySegment address) {
        return address.reinterpret(NAME_LIMIT).getString(0);
    }

    private static Optional<MethodHandle> errorNameFunction() {
        FunctionDescriptor type = FunctionDescriptor.of(ValueLayout.ADDRESS, ValueLayout.JAVA_INT);
        return Linker.nativeLinker()
                .defaultLookup()
                .find("strerrorname_np")
                .map(address -> link("strerrorname_np", address, type));
    }
}
