// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.linux;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;

/// The pages of memory of this machine.
public final class Pages {
    private static final Path AUXILIARY = Path.of("/proc/self/auxv");
    private static final long AT_PAGESZ = 6; // linux/auxvec.h
    private static final int ENTRY_BYTES = 16; // u64 type @0, u64 value @8

    private Pages() {}

    /// {@return how many bytes a page has: what `mmap(2)` counts in}
    ///
    /// @throws UncheckedIOException if `/proc` does not show it
    public static int size() {
        try {
            return size(Files.readAllBytes(AUXILIARY));
        } catch (IOException e) {
            throw new UncheckedIOException("can't read the size of a page from " + AUXILIARY, e);
        }
    }

    /// {@return what an auxiliary vector says, see `getauxval(3)`}
    static int size(byte[] auxiliary) throws IOException {
        ByteBuffer entries = ByteBuffer.wrap(auxiliary).order(ByteOrder.nativeOrder());
        for (int at = 0; at <= auxiliary.length - ENTRY_BYTES; at += ENTRY_BYTES) {
            if (entries.getLong(at) == AT_PAGESZ) {
                return Math.toIntExact(entries.getLong(at + Long.BYTES));
            }
        }
        throw new IOException("there is no AT_PAGESZ in it");
    }
}
