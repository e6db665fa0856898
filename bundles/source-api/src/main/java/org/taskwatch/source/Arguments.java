// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.source;

import org.jspecify.annotations.Nullable;
import org.taskwatch.api.RawText;

import java.util.AbstractList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Objects;

/// The arguments of a process, kept as the bytes that the kernel gave: 100,000 of one byte would be
/// 100,000 strings otherwise. Immutable, safe for all threads.
///
/// To iterate takes one pass over the bytes, and so do `contains`, `hashCode` and the comparison with other
/// such arguments. To `get` one argument is to pass over those before it. What is made of that takes time by
/// the square of their number: `indexOf`, a list iterator, the comparison with another kind of list. So
/// iterate.
public final class Arguments extends AbstractList<String> {
    private static final int OBJECT_BYTES = 48; // of this object and the header of the array

    /// Each argument but the last is followed by a NUL.
    private final byte[] bytes;

    private final int size;

    private Arguments(byte[] bytes) {
        this.bytes = bytes;
        int nuls = 0;
        for (byte b : bytes) {
            nuls += b == 0 ? 1 : 0;
        }
        size = nuls + 1;
    }

    /// {@return the arguments as `/proc/PID/cmdline` has them} Each ends with a NUL; a process that has
    /// overwritten them may have left the last out.
    ///
    /// @param bytes the content of the file; without any it is one argument that is empty
    /// @param limit how many bytes are kept at most, at least 1
    public static Arguments of(byte[] bytes, int limit) {
        int length = Math.min(bytes.length, limit);
        int end = length > 0 && bytes[length - 1] == 0 ? length - 1 : length;
        return new Arguments(Arrays.copyOf(bytes, end));
    }

    /// {@return the beginning of these}
    ///
    /// @param limit how many bytes are kept at most, at least 1
    public Arguments beginning(int limit) {
        return of(bytes, limit);
    }

    /// {@return the same as `String.join(" ", this)`} Without a string for each argument.
    public String joined() {
        byte[] line = bytes.clone();
        for (int i = 0; i < line.length; i++) {
            if (line[i] == 0) {
                line[i] = ' ';
            }
        }
        return RawText.of(line);
    }

    /// {@return the bytes, each argument but the last followed by a NUL; a copy}
    public byte[] bytes() {
        return bytes.clone();
    }

    /// {@return how many bytes they have, the NULs between them included}
    public int length() {
        return bytes.length;
    }

    /// {@return about how many bytes of memory they hold}
    public int heapBytes() {
        return OBJECT_BYTES + bytes.length;
    }

    @Override
    public String get(int index) {
        Objects.checkIndex(index, size);
        Iterator<String> all = iterator();
        for (int i = 0; i < index; i++) {
            all.next();
        }
        return all.next();
    }

    /// Equal bytes are equal arguments, and no others are: [RawText] tells all bytes apart.
    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Arguments others
                ? Arrays.equals(bytes, others.bytes)
                : super.equals(other);
    }

    @Override
    public int hashCode() {
        return super.hashCode(); // as every list with the same elements has it
    }

    @Override
    public int size() {
        return size;
    }

    @Override
    public Iterator<String> iterator() {
        return new Iterator<>() {
            private int at;

            @Override
            public boolean hasNext() {
                return at <= bytes.length;
            }

            @Override
            public String next() {
                if (!hasNext()) {
                    throw new NoSuchElementException();
                }
                int end = at;
                while (end < bytes.length && bytes[end] != 0) {
                    end++;
                }
                String argument = RawText.of(bytes, at, end);
                at = end + 1;
                return argument;
            }
        };
    }
}
