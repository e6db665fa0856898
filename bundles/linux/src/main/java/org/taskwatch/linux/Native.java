// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.linux;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/// Finds the functions of the C library.
final class Native {
    private Native() {}

    /// {@return a handle of a function}
    @SuppressWarnings("restricted")
    static MethodHandle function(String name, FunctionDescriptor type, Linker.Option... options) {
        Linker linker = Linker.nativeLinker();
        MemorySegment address =
                linker.defaultLookup()
                        .find(name)
                        .orElseThrow(
                                () -> new IllegalStateException("the C library has no " + name));
        try {
            return linker.downcallHandle(address, type, options);
        } catch (IllegalCallerException e) {
            throw new IllegalStateException(
                    "the JVM denies the call of "
                            + name
                            + "; start it with --enable-native-access=ALL-UNNAMED",
                    e);
        }
    }

    /// {@return what to throw after a call of a method handle, which declares every Throwable; what is
    /// unchecked is thrown at once}
    static AssertionError unchecked(Throwable e) {
        switch (e) {
            case RuntimeException unchecked -> throw unchecked;
            case Error error -> throw error;
            default -> throw new AssertionError("a method handle has thrown", e);
        }
    }
}
