// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.linux.bpf;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;

/// The names of maps and programs: BPF_OBJ_NAME_LEN of `linux/bpf.h` bytes with the NUL, of letters, digits,
/// `_` and `.`.
final class BpfName {
    private static final int MOST_BYTES = 15;

    private BpfName() {}

    /// Sets a name, or as much of it as fits.
    ///
    /// @param attributes whose name, all zeros so far
    /// @param offset where it begins
    static void set(MemorySegment attributes, long offset, String name) {
        byte[] bytes = name.getBytes(StandardCharsets.US_ASCII);
        int length = Math.min(bytes.length, MOST_BYTES);
        MemorySegment.copy(bytes, 0, attributes, JAVA_BYTE, offset, length);
    }
}
