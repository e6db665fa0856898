// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.linux;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.Optional;

/// The names of error numbers, as the C library has them. Apart from [Native], because most starts get
/// by without.
final class ErrorNames {
    // Names are at most some twenty characters; the bound is for the memory access only.
    private static final long NAME_LIMIT = 64;

    // const char *strerrorname_np(int errnum): glibc >= 2.32, absent in musl.
    private static final Optional<MethodHandle> STRERRORNAME_NP =
            Linker.nativeLinker()
                    .defaultLookup()
                    .find("strerrorname_np")
                    .map(_ ->
                            Native.function(
                                    "strerrorname_np",
                                    FunctionDescriptor.of(
                                            ValueLayout.ADDRESS, ValueLayout.JAVA_INT)));

    private ErrorNames() {}

    /// {@return the name of an errno, as `ESRCH`, or its number if the C library has no names}
    static String of(int errno) {
        try {
            if (STRERRORNAME_NP.isPresent()) {
                MemorySegment name = (MemorySegment) STRERRORNAME_NP.get().invokeExact(errno);
                if (!name.equals(MemorySegment.NULL)) {
                    return string(name);
                }
            }
            return "errno " + errno;
        } catch (Throwable e) {
            throw Native.unchecked(e);
        }
    }

    @SuppressWarnings("restricted")
    private static String string(MemorySegment address) {
        return address.reinterpret(NAME_LIMIT).getString(0);
    }
}
