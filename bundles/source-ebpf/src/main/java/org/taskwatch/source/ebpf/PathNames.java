// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.source.ebpf;

import org.taskwatch.api.RawText;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// Paths as the programs write them, see [PathPart].
final class PathNames {
    private static final byte[] DELETED = " (deleted)".getBytes(StandardCharsets.US_ASCII);

    private PathNames() {}

    /// {@return a path as `/proc/PID/exe` has it}
    ///
    /// @param names from the last to the first, each with a NUL behind it; none for the root
    /// @param isDeleted whether the file has been deleted: that is said behind the path
    static String path(byte[] names, boolean isDeleted) {
        int length = Math.max(names.length, 1);
        byte[] path = Arrays.copyOf(DELETED, length + (isDeleted ? DELETED.length : 0));
        if (isDeleted) {
            System.arraycopy(DELETED, 0, path, length, DELETED.length);
        }
        path[0] = '/';
        int end = length; // of what is still to be filled
        int begin = 0; // of the name
        for (int i = 0; i < names.length; i++) {
            if (names[i] == 0) {
                end -= i - begin;
                System.arraycopy(names, begin, path, end, i - begin);
                path[--end] = '/';
                begin = i + 1;
            }
        }
        return RawText.of(path);
    }
}
