// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.linux.bpf;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// Packs the instructions of one program, and makes its jumps meet their labels.
///
/// An instruction is one number of 64 bits, `struct bpf_insn` of `linux/bpf.h` in the byte order of the
/// machine (little-endian, as are all that are supported):
///
///     bits   0..7        8..11         12..15     16..31        32..63
///            operation   destination   source     offset s16    number s32
final class Encoder {
    /// As many as a privileged program may have: BPF_COMPLEXITY_LIMIT_INSNS of the kernel.
    static final int MOST_INSTRUCTIONS = 1_000_000;

    private static final int OFFSET_BIT = 16;

    private final List<String> comments = new ArrayList<>();
    private final List<Jump> jumps = new ArrayList<>();
    private long[] words = new long[64];
    private String comment = "";

    private record Jump(int place, Label target) {}

    void comment(String text) {
        comment = text;
    }

    Label label(String name) {
        return new Label(this, name);
    }

    void bind(Label label) {
        require(label.owner == this, "the label " + label + " of another program");
        require(label.place == Label.UNBOUND, "the label " + label + " at two places");
        label.place = length();
    }

    /// {@return the number of instructions so far}
    private int length() {
        return comments.size();
    }

    void add(int operation, int to, int from, int offset, int number) {
        require(offset == (short) offset, "an offset of " + offset);
        require(length() < MOST_INSTRUCTIONS, "more than " + MOST_INSTRUCTIONS + " instructions");
        if (length() == words.length) {
            words = Arrays.copyOf(words, 2 * words.length);
        }
        words[length()] =
                operation
                        | (long) to << 8
                        | (long) from << 12
                        | (offset & 0xffffL) << OFFSET_BIT
                        | (long) number << 32;
        comments.add(comment);
    }

    void addJump(int operation, int a, int b, int number, Label target) {
        require(target.owner == this, "a jump to the label " + target + " of another program");
        jumps.add(new Jump(length(), target));
        add(operation, a, b, 0, number);
    }

    /// {@return the program}
    ///
    /// @param ends the operations that a program may end with
    Code link(int... ends) {
        check(length() > 0, "the program is empty");
        int last = (int) words[length() - 1] & 0xff;
        check(Arrays.stream(ends).anyMatch(end -> end == last), "the program does not end");
        long[] linked = Arrays.copyOf(words, length());
        for (Jump jump : jumps) {
            linked[jump.place] |= (distance(jump) & 0xffffL) << OFFSET_BIT;
        }
        return new Code(linked, comments.toArray(String[]::new));
    }

    private int distance(Jump jump) {
        Label target = jump.target;
        check(target.place != Label.UNBOUND, "the label " + target + " is not bound");
        check(target.place < length(), "the label " + target + " is behind the end");
        int distance = target.place - jump.place - 1;
        check(distance == (short) distance, "the label " + target + " is too far from a jump");
        return distance;
    }

    void require(boolean isPossible, String what) {
        if (!isPossible) {
            throw new IllegalArgumentException(what + " is not possible" + where());
        }
    }

    private void check(boolean isRight, String wrong) {
        if (!isRight) {
            throw new IllegalStateException(wrong + where());
        }
    }

    private String where() {
        return comment.isEmpty() ? "" : ", at: " + comment;
    }
}
